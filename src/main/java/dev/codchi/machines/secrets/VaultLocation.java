package dev.codchi.machines.secrets;

import dev.codchi.config.Directories;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where one machine's vault is.
 *
 * @param machine the machine's name, which the vault is bound to
 * @param file the vault's file; it need not exist
 * @param lock the lock file that changes are made under; one for all machines, since lock files can
 *     never be deleted
 */
public record VaultLocation(String machine, Path file, Path lock) {
  private static final String FILE = "secrets.vault";

  /** Where codchi keeps the vault of a machine. */
  public static VaultLocation of(Directories directories, String machine) {
    return new VaultLocation(
        machine, directories.machine(machine).resolve(FILE), lockOf(directories));
  }

  /**
   * Where there is a vault, in the order of the machines' names.
   *
   * @throws Failure {@code DIRECTORY_UNUSABLE} when the machines' directory cannot be read
   */
  public static List<VaultLocation> all(Directories directories) {
    try (Stream<Path> machines = Files.list(directories.machines())) {
      return machines
          .filter(machine -> Files.exists(machine.resolve(FILE)))
          .map(machine -> String.valueOf(machine.getFileName()))
          .sorted()
          .map(machine -> of(directories, machine))
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException failed) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "Cannot read " + directories.machines())
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }

  /** The lock that all vaults are changed under. */
  static Path lockOf(Directories directories) {
    return directories.locks().resolve("secrets.lock");
  }
}
