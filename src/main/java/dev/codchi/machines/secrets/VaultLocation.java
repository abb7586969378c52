package dev.codchi.machines.secrets;

import dev.codchi.config.Directories;
import java.nio.file.Path;

/**
 * Where one machine's vault is.
 *
 * @param machine the machine's name, which the vault is bound to
 * @param file the vault's file; it need not exist
 * @param lock the lock file that changes are made under; one for all machines, since lock files can
 *     never be deleted
 */
public record VaultLocation(String machine, Path file, Path lock) {
  /** Where codchi keeps the vault of a machine. */
  public static VaultLocation of(Directories directories, String machine) {
    return new VaultLocation(
        machine,
        directories.machine(machine).resolve("secrets.vault"),
        directories.locks().resolve("secrets.lock"));
  }
}
