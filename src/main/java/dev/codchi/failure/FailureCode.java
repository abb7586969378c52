package dev.codchi.failure;

import static dev.codchi.failure.ExitStatus.BUILD;
import static dev.codchi.failure.ExitStatus.CONFLICT;
import static dev.codchi.failure.ExitStatus.ENVIRONMENT;
import static dev.codchi.failure.ExitStatus.NOT_FOUND;
import static dev.codchi.failure.ExitStatus.REFUSED;
import static dev.codchi.failure.ExitStatus.UNEXPECTED;
import static dev.codchi.failure.ExitStatus.USAGE;

/**
 * Every kind of failure that codchi reports, with its stable identifier, its exit status and the
 * advice that is printed when nothing better is known. {@code docs/errors.md} lists them; a test
 * keeps it complete.
 */
public enum FailureCode {
  UNEXPECTED_ERROR("CODCHI-000", UNEXPECTED, "Run again with -v; if it fails again, report it."),
  BAD_USAGE("CODCHI-CLI-001", USAGE, "See 'codchi --help'."),
  NEEDS_ANSWER(
      "CODCHI-CLI-002",
      USAGE,
      "Answer with the flag that the message names, or run in a terminal."),
  REFUSED_BY_USER("CODCHI-CLI-003", REFUSED, "Nothing was changed."),
  INTERRUPTED(
      "CODCHI-CLI-004",
      ExitStatus.INTERRUPTED,
      "What was begun is undone or finished by the next run."),
  BAD_SETTINGS("CODCHI-CFG-001", USAGE, "Correct them where the message says they come from."),
  UNREADABLE_SETTINGS(
      "CODCHI-CFG-002", USAGE, "Mend the file, or move it away to use the defaults."),
  DIRECTORY_UNUSABLE(
      "CODCHI-CFG-003", ENVIRONMENT, "Check owner, mode and free space of the directory."),
  LXD_SOCKET_MISSING(
      "CODCHI-LXD-001",
      ENVIRONMENT,
      "Install and start LXD or Incus, for example: apt install lxd; lxd init --auto"),
  LXD_NOT_RUNNING(
      "CODCHI-LXD-002", ENVIRONMENT, "Start the daemon, for example: systemctl start lxd"),
  LXD_PERMISSION(
      "CODCHI-LXD-003",
      ENVIRONMENT,
      "Add yourself to the group that owns the socket, then log in again."),
  LXD_TOO_OLD("CODCHI-LXD-004", ENVIRONMENT, "Update LXD to 5.0 or Incus to 6.0, or newer."),
  LXD_NO_POOL(
      "CODCHI-LXD-005",
      ENVIRONMENT,
      "Create a storage pool, for example: lxc storage create default dir"),
  LXD_NO_NETWORK(
      "CODCHI-LXD-006", ENVIRONMENT, "Create a bridge, for example: lxc network create lxdbr0"),
  LXD_SUBIDS("CODCHI-LXD-007", ENVIRONMENT, "Add the lines that the message names, as root."),
  LXD_API("CODCHI-LXD-008", ENVIRONMENT, "The daemon's own log tells more."),
  LXD_CONNECTION_LOST(
      "CODCHI-LXD-009",
      ENVIRONMENT,
      "Run the command again; what was begun is undone or finished first."),
  LXD_UNTRUSTED(
      "CODCHI-LXD-010",
      ENVIRONMENT,
      "Use the daemon's local socket, with membership in its group."),
  CONTAINER_BUSY(
      "CODCHI-DRV-001", CONFLICT, "Wait for the other operation, then run the command again."),
  CONTAINER_EXISTS(
      "CODCHI-DRV-002",
      CONFLICT,
      "Another codchi or somebody else's container has this name; choose another name."),
  CONTAINER_MISSING(
      "CODCHI-DRV-003", NOT_FOUND, "Run the command again; 'codchi status' shows what there is."),
  CONTAINER_START(
      "CODCHI-DRV-004", ENVIRONMENT, "'codchi logs NAME' shows what the container said."),
  CONTAINER_NOT_RUNNING("CODCHI-DRV-006", CONFLICT, "Start it with 'codchi start NAME'."),
  DISK_FULL(
      "CODCHI-DRV-005",
      ENVIRONMENT,
      "Free space on the disk, for example with 'codchi gc', then run the command again."),
  BAD_NAME(
      "CODCHI-MCH-001",
      USAGE,
      "Use letters, digits and '-', starting with a letter, at most 40 characters."),
  NO_SUCH_MACHINE("CODCHI-MCH-002", NOT_FOUND, "'codchi status' lists the machines."),
  MACHINE_EXISTS("CODCHI-MCH-003", CONFLICT, "Choose another name, or delete that machine first."),
  MACHINE_LOCKED("CODCHI-MCH-004", CONFLICT, "Wait until the other command has ended."),
  MACHINE_BROKEN(
      "CODCHI-MCH-005",
      UNEXPECTED,
      "'codchi delete NAME' removes it; its home directory can be copied before."),
  MACHINE_BOOT("CODCHI-MCH-006", ENVIRONMENT, "'codchi logs NAME' shows what the machine said."),
  MACHINE_RUNNING(
      "CODCHI-MCH-009",
      CONFLICT,
      "Stop it with 'codchi stop NAME', or give --stop to have it stopped meanwhile."),
  EXPORT_EXISTS("CODCHI-EXP-001", CONFLICT, "Choose another name, or give --force to replace it."),
  EXPORT_TARGET("CODCHI-EXP-002", USAGE, "Choose a file in a directory that you may write to."),
  EXPORT_UNREADABLE(
      "CODCHI-EXP-003", UNEXPECTED, "Mend or remove these files in the machine, then try again."),
  IMPORT_REFUSED(
      "CODCHI-EXP-004",
      USAGE,
      "Give a complete archive that 'codchi tar' wrote; nothing was changed."),
  FORMAT_UNAVAILABLE(
      "CODCHI-EXP-005",
      USAGE,
      "Export a tar archive or a flake, or update the machine's nixpkgs; 'codchi export NAME --list-formats' shows what there is."),
  EXPORT_UNVERIFIED(
      "CODCHI-EXP-006",
      UNEXPECTED,
      "Nothing was written. Without --verify the image is written as it is."),
  NO_QEMU(
      "CODCHI-EXP-007",
      ENVIRONMENT,
      "Install QEMU (qemu-system-x86 in Debian and Ubuntu), or leave out --verify."),
  NO_SUCH_GENERATION(
      "CODCHI-MCH-007", NOT_FOUND, "'codchi generations NAME' lists the generations."),
  NOT_INSTALLED("CODCHI-MCH-008", CONFLICT, "'codchi rebuild NAME' builds the machine."),
  BAD_REFERENCE(
      "CODCHI-MOD-001",
      USAGE,
      "Give a repository, for example https://github.com/OWNER/REPO or ./DIRECTORY."),
  NO_SUCH_MODULE(
      "CODCHI-MOD-002", NOT_FOUND, "'codchi module list NAME' lists the modules of a machine."),
  MODULE_EXISTS("CODCHI-MOD-003", CONFLICT, "Give it another name with --new-name."),
  STORE_DOWNLOAD(
      "CODCHI-STO-001",
      ENVIRONMENT,
      "Check the network, or point store.nix_url at a mirror or a file."),
  STORE_CHECKSUM(
      "CODCHI-STO-002",
      ENVIRONMENT,
      "Set store.nix_sha256 to the checksum that belongs to store.nix_url."),
  STORE_ARCHIVE(
      "CODCHI-STO-003", ENVIRONMENT, "Point store.nix_url at an official Nix binary tarball."),
  STORE_START("CODCHI-STO-004", ENVIRONMENT, "'codchi logs store' shows what the nix daemon said."),
  STORE_COLLECT(
      "CODCHI-STO-005",
      ENVIRONMENT,
      "Nothing that is in use was removed; 'codchi doctor' tells what is wrong with the store."),
  NIX_NO_REPOSITORY(
      "CODCHI-NIX-001",
      BUILD,
      "Check the address; for a private repository give a token with --auth."),
  NIX_CREDENTIALS(
      "CODCHI-NIX-002", BUILD, "Give a token with --auth, or make your SSH agent offer the key."),
  NIX_NO_FLAKE(
      "CODCHI-NIX-003", BUILD, "Add a flake.nix that offers nixosModules.NAME, and commit it."),
  NIX_NO_MODULE("CODCHI-NIX-004", BUILD, "Name one of the modules that the flake offers."),
  NIX_EVALUATION("CODCHI-NIX-005", BUILD, "Mend the module; nothing was changed."),
  NIX_BUILD(
      "CODCHI-NIX-006",
      BUILD,
      "The log above ends with the builder's own words; nothing was changed."),
  NIX_NETWORK(
      "CODCHI-NIX-007", BUILD, "Check the network and proxy settings, then run the command again."),
  NIX_HASH(
      "CODCHI-NIX-008",
      BUILD,
      "The source has changed at its origin; update the hash in the module."),
  NIX_TLS(
      "CODCHI-NIX-009",
      BUILD,
      "A proxy seems to replace certificates; add its authority with 'codchi certs add FILE'."),
  NIX_NOT_IN_GIT(
      "CODCHI-NIX-010", BUILD, "Nix sees only files that git knows: run 'git add' on the file."),
  NIX_SWITCH(
      "CODCHI-NIX-011",
      BUILD,
      "The previous system is active again; 'codchi logs NAME' tells more."),
  NIX_LOCK(
      "CODCHI-NIX-012", BUILD, "Run 'codchi rebuild NAME' with updates to write the lock anew."),
  BAD_CERTIFICATE(
      "CODCHI-NET-001",
      USAGE,
      "Ask your network's administrators for the authority's certificate as a PEM or DER file."),
  CERTIFICATE_EXISTS(
      "CODCHI-NET-002", CONFLICT, "Give it another name with --name, or remove that one first."),
  NO_SUCH_CERTIFICATE("CODCHI-NET-003", NOT_FOUND, "'codchi certs list' shows what was added."),
  SECRET_NAME(
      "CODCHI-SEC-001",
      USAGE,
      "Use letters, digits and '_' for variables; also '.' and '-' for files."),
  NO_SUCH_SECRET(
      "CODCHI-SEC-002", NOT_FOUND, "'codchi secrets list NAME' lists a machine's secrets."),
  SECRET_VALUE(
      "CODCHI-SEC-003",
      USAGE,
      "Declare it as a file (codchi.secrets.files) in the machine's module."),
  SECRETS_MISSING(
      "CODCHI-SEC-004", USAGE, "Set them with 'codchi secrets set NAME SECRET', then try again."),
  VAULT_DAMAGED(
      "CODCHI-SEC-005",
      ENVIRONMENT,
      "Restore the file from a backup, or move it away and set the secrets again."),
  VAULT_FOREIGN(
      "CODCHI-SEC-006",
      ENVIRONMENT,
      "Put the machine's own file back, or move this one away and set the secrets again."),
  VAULT_NEWER("CODCHI-SEC-007", ENVIRONMENT, "Update codchi to the version that wrote the file."),
  KEYRING_ABSENT(
      "CODCHI-SEC-008",
      ENVIRONMENT,
      "Start a keyring (GNOME Keyring, KWallet, KeePassXC), or choose another keeper of the key:"
          + " secrets.provider = 'passphrase' or 'keyfile'."),
  KEYRING_LOCKED(
      "CODCHI-SEC-009",
      ENVIRONMENT,
      "Unlock the keyring, or choose another keeper of the key: secrets.provider = 'passphrase' or"
          + " 'keyfile'."),
  KEY_WRONG("CODCHI-SEC-010", ENVIRONMENT, "Try again with the key that sealed the secrets."),
  KEY_LOST(
      "CODCHI-SEC-011",
      ENVIRONMENT,
      "Bring the key back from a backup; without it, move the vault away and set the secrets again."
          + " See docs/security.md."),
  KEY_FILE_UNSAFE("CODCHI-SEC-012", ENVIRONMENT, "Make it yours alone: chmod 600 FILE"),
  SECRETS_COMMAND(
      "CODCHI-SEC-013",
      ENVIRONMENT,
      "Run the command by hand; secrets.command is what codchi runs."),
  BAD_DECLARATION(
      "CODCHI-SEC-014", BUILD, "Mend codchi.secrets in the machine's module, then rebuild."),
  CAPABILITY_REFUSED(
      "CODCHI-CAP-001",
      REFUSED,
      "Make the machine with --allow, or run 'codchi capabilities allow NAME CAPABILITY'."),
  NOT_ATTACHED("CODCHI-CAP-003", NOT_FOUND, "Nothing was changed."),
  BAD_SHARE("CODCHI-CAP-004", USAGE, "Name a folder that exists."),
  NO_SUCH_FILE("CODCHI-CAP-005", NOT_FOUND, "Name a file below the machine's home directory."),
  NO_FILE_MANAGER(
      "CODCHI-CAP-006",
      ENVIRONMENT,
      "Install xdg-utils and a file manager, or use 'codchi open --print'."),
  DISPLAY_REFUSED(
      "CODCHI-CAP-002",
      ENVIRONMENT,
      "Start codchi in the desktop session, or set XAUTHORITY to its file of cookies."),
  SESSION_SYSTEMD(
      "CODCHI-CAP-007", ENVIRONMENT, "'systemctl --user status' shows whether it works."),
  BAD_SECRETS_IMPORT(
      "CODCHI-SEC-015", USAGE, "Give NAME=VALUE lines (dotenv) or a JSON object of strings."),
  CLEAR_TEXT_SECRETS(
      "CODCHI-SEC-016",
      ENVIRONMENT,
      "'codchi doctor --fix' seals them and takes them out of the file; then make new ones at their source."),
  KEY_NOT_OURS(
      "CODCHI-SEC-017",
      CONFLICT,
      "'codchi secrets rotate NAME' seals a machine's secrets anew with a fresh data key."),
  NO_TERMINAL(
      "CODCHI-DSK-001",
      ENVIRONMENT,
      "Name your terminal in the variable TERMINAL, or use 'codchi exec NAME' in one."),
  NO_SESSION_BUS(
      "CODCHI-DSK-002", ENVIRONMENT, "Run it in a desktop session, which has a message bus.");

  private final String id;
  private final ExitStatus status;
  private final String advice;

  FailureCode(String id, ExitStatus status, String advice) {
    this.id = id;
    this.status = status;
    this.advice = advice;
  }

  /** The stable identifier, for example {@code CODCHI-LXD-003}. */
  public String id() {
    return id;
  }

  /** The exit status that codchi ends with. */
  public ExitStatus status() {
    return status;
  }

  /** What to do next when nothing better is known. */
  public String advice() {
    return advice;
  }
}
