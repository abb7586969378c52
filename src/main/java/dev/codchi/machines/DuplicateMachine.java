package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import dev.codchi.machines.secrets.MoveSecrets;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes a machine that is like another one: the same system, home, secrets and files of its own,
 * with an identity of its own. All or nothing; the original stays as it is.
 */
@ApplicationScoped
public class DuplicateMachine {
  /**
   * What makes a machine recognisable to others. Systems make these files anew when they start and
   * do not find them.
   */
  private static final List<String> IDENTITY =
      List.of(
          "/etc/machine-id",
          "/var/lib/dbus/machine-id",
          "/var/lib/systemd/random-seed",
          "/var/lib/systemd/credential.secret",
          "/etc/ssh/ssh_host_ed25519_key",
          "/etc/ssh/ssh_host_ed25519_key.pub",
          "/etc/ssh/ssh_host_rsa_key",
          "/etc/ssh/ssh_host_rsa_key.pub",
          "/etc/ssh/ssh_host_ecdsa_key",
          "/etc/ssh/ssh_host_ecdsa_key.pub");

  private final Settings settings;
  private final Machines machines;
  private final InitMachine initMachine;
  private final MachineContainer container;
  private final Containers containers;
  private final ContainerFiles files;
  private final HomeCopy homeCopy;
  private final Generations generations;
  private final MoveSecrets moveSecrets;
  private final MachineRemoval removal;
  private final Journal journal;
  private final Recovery recovery;
  private final Nix nix;
  private final Observers observers;

  DuplicateMachine(
      Settings settings,
      Machines machines,
      InitMachine initMachine,
      MachineContainer container,
      Containers containers,
      ContainerFiles files,
      HomeCopy homeCopy,
      Generations generations,
      MoveSecrets moveSecrets,
      MachineRemoval removal,
      Journal journal,
      Recovery recovery,
      Nix nix,
      Observers observers) {
    this.observers = observers;
    this.settings = settings;
    this.machines = machines;
    this.initMachine = initMachine;
    this.container = container;
    this.containers = containers;
    this.files = files;
    this.homeCopy = homeCopy;
    this.generations = generations;
    this.moveSecrets = moveSecrets;
    this.removal = removal;
    this.journal = journal;
    this.recovery = recovery;
    this.nix = nix;
  }

  /**
   * Makes a stopped copy of a machine. One that runs is halted meanwhile, so that the copy is of
   * one moment; it goes on afterwards. Only where its home has files of other accounts than the
   * person's, these are read while it runs.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}, {@code NOT_INSTALLED}, {@code MACHINE_EXISTS}, {@code
   *     CONTAINER_EXISTS}, {@code DISK_FULL}; what the vault's key's keeper reports
   */
  public void duplicate(MachineName wanted, MachineName to, Progress progress) {
    initMachine.requireFree(to, progress);
    MachineName from = machines.known(wanted);
    try (Machines.Locks _ = recovery.lock(from, to, "duplicate " + from + " as " + to, progress)) {
      MachineDefinition definition = machines.require(from);
      initMachine.refuseTaken(to);
      String system = generations.current(from).orElseThrow(() -> machines.withoutContainer(from));
      nix.prepare(progress);
      try {
        journal.note(to, Journal.Phase.COPYING, from);
        // Before anything is halted, since a person may be asked for the key.
        Person.current().directory(machines.directory(to), "rwxr-xr-x");
        moveSecrets.copy(vault(from), vault(to));
        copyFiles(from, to, progress);
        IDENTITY.forEach(path -> files.remove(container.name(to), path));
        copyDefinition(definition, to, system, progress);
      } catch (RuntimeException e) {
        undo(from, to, e, progress);
        throw e;
      }
      observers.installed(to, system, progress);
      journal.forget(to);
    }
  }

  private void copyFiles(MachineName from, MachineName to, Progress progress) {
    String original = container.name(from);
    boolean personal = homeCopy.personal(from);
    if (containers.find(original).isEmpty()) {
      throw machines.withoutContainer(from);
    }
    // What fails from here on is undone, which lets it go on.
    containers.freeze(original);
    try (Progress.Step _ = progress.begin("Copying " + from)) {
      containers.copy(original, container.specification(to));
      // What the original may use of this computer was allowed to the original only.
      containers.equip(container.name(to), List.of());
      if (personal) {
        homeCopy.copyPersonal(from, to, progress);
      }
    }
    containers.thaw(original);
    if (!personal) {
      linkSystem(from, to);
      try (Progress.Step _ = progress.begin("Copying the home of " + from)) {
        homeCopy.copyThroughMachines(from, to);
      }
    }
  }

  /** What the copy's container starts with, until nix makes a generation of it. */
  private void linkSystem(MachineName from, MachineName to) {
    Path link = settings.directories().profiles(to.value()).resolve("system");
    try {
      Files.createSymbolicLink(link, Path.of(generations.current(from).orElseThrow()));
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot write " + link)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private void copyDefinition(
      MachineDefinition definition, MachineName to, String system, Progress progress) {
    Path profile = settings.directories().profiles(to.value()).resolve("system");
    try {
      Files.deleteIfExists(profile);
      nix.run(
          List.of(
              "build",
              "--no-link",
              "--profile",
              "/nix/var/nix/profiles/per-machine/" + to + "/system",
              system),
          progress);
      for (String name : List.of("flake.nix", "flake.lock", "installed.json")) {
        Path file = machines.directory(definition.name()).resolve(name);
        if (Files.exists(file)) {
          Person.current().own(Files.copy(file, machines.directory(to).resolve(name)));
        }
      }
      machines.save(definition.withName(to));
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot write the definition of " + to)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private void undo(MachineName from, MachineName to, RuntimeException failed, Progress progress) {
    // Where that fails, the journal still has its note, so the next run tries again.
    Undo.after(
        failed,
        () -> {
          try (Progress.Step _ = progress.begin("Removing what was made of " + to)) {
            containers.thaw(container.name(from));
            removal.remove(to, progress);
            journal.forget(to);
          }
        });
  }

  private VaultLocation vault(MachineName machine) {
    return VaultLocation.of(settings.directories(), machine.value());
  }
}
