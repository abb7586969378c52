package dev.codchi.machines.capabilities;

import dev.codchi.config.Directories;
import java.nio.file.Path;

/**
 * What belongs to one machine of all that has to do with capabilities.
 *
 * @param machine the machine's name
 * @param consents what a person allowed it
 * @param host the directory with everything that capabilities keep for it
 */
public record MachineSide(String machine, Path consents, Path host) {
  /** Where a machine sees the files that capabilities give it. */
  public static final String FILES = "/var/lib/codchi/host";

  /** Where a machine sees the sockets of the person's session. */
  public static final String SESSION = "/var/lib/codchi/session";

  /** That of a machine. */
  public static MachineSide of(Directories directories, String machine) {
    return new MachineSide(
        machine,
        directories.machine(machine).resolve("capabilities.json"),
        directories.data().resolve("host").resolve(machine));
  }

  /** The directory that the machine sees as {@link #FILES}. */
  public Path files() {
    return host.resolve("files");
  }

  /** What it was given last. */
  Path given() {
    return host.resolve("given.json");
  }
}
