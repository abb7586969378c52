package dev.codchi.hostintegration.folders;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.hostintegration.desktop.OpenInDesktop;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;

/** Shows a machine's home in the person's file manager; the machine need not run. */
@ApplicationScoped
public class OpenHome {
  private final Settings settings;
  private final Machines machines;
  private final OpenInDesktop openInDesktop;

  OpenHome(Settings settings, Machines machines, OpenInDesktop openInDesktop) {
    this.settings = settings;
    this.machines = machines;
    this.openInDesktop = openInDesktop;
  }

  /**
   * Where a machine's file is on the host.
   *
   * @param inside a path in the machine's home, relative to it or below {@code /home/codchi}; empty
   *     for the home itself
   * @throws Failure {@code NO_SUCH_MACHINE}; {@code NO_SUCH_FILE} when there is none, or it is not
   *     in the home
   */
  public Path locate(MachineName machine, String inside) {
    Path home = settings.directories().home(machines.require(machine).name().value());
    Path relative = Path.of("/home/codchi").resolve(inside).normalize();
    if (relative.startsWith("/home/codchi")) {
      try {
        // A link may lead out of the home: the machine's paths mean other files on the host.
        Path root = home.toRealPath();
        Path found = root.resolve(Path.of("/home/codchi").relativize(relative)).toRealPath();
        if (found.startsWith(root)) {
          return found;
        }
      } catch (IOException absent) {
        throw Failure.of(FailureCode.NO_SUCH_FILE, "there is no '" + inside + "' in " + machine)
            .causedBy(absent);
      }
    }
    throw Failure.of(
        FailureCode.NO_SUCH_FILE, "'" + inside + "' is not in the home directory of " + machine);
  }

  /**
   * Opens it.
   *
   * @throws Failure as {@link #locate}; {@code NO_FILE_MANAGER}
   */
  public void open(MachineName machine, String inside) {
    openInDesktop.open(locate(machine, inside));
  }
}
