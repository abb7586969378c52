package dev.codchi.hostintegration.desktop;

import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.process.HostProgram;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Opens the person's terminal with a shell, or a program, in a machine. */
@ApplicationScoped
public class OpenTerminal {
  /** A terminal that has no display says so sooner. */
  private static final Duration MOMENT = Duration.ofMillis(700);

  private final Settings settings;
  private final Machines machines;
  private final Launcher launcher;
  private final Map<String, String> environment;

  /** For the session that this process belongs to. */
  @Inject
  public OpenTerminal(Settings settings, Machines machines, Launcher launcher) {
    this.settings = settings;
    this.machines = machines;
    this.launcher = launcher;
    this.environment = System.getenv();
  }

  /**
   * Opens a window. The machine is started in it if need be, so its start can be followed there.
   *
   * @param command the program and its arguments; empty for a login shell
   * @throws Failure {@code NO_SUCH_MACHINE}; {@code NO_TERMINAL} when there is none, or it fails at
   *     once
   */
  public void open(MachineName wanted, List<String> command) {
    MachineName machine =
        machines
            .find(wanted)
            .orElseThrow(() ->
                Failure.of(FailureCode.NO_SUCH_MACHINE, "there is no machine '" + wanted + "'"));
    launcher.write();
    List<String> inside = new ArrayList<>();
    inside.addAll(List.of(launcher.path().toString(), "launch", machine.value()));
    inside.addAll(command);
    List<String> terminal =
        new FindTerminal(environment)
            .running(machine.value(), inside)
            .orElseThrow(() -> Failure.of(FailureCode.NO_TERMINAL, "no terminal was found"));
    Path log =
        Person.current()
            .directory(settings.directories().logs(), "rwxr-xr-x")
            .resolve("terminal.log");
    OptionalInt ended = HostProgram.detach(terminal, log, MOMENT);
    if (ended.isPresent() && ended.getAsInt() != 0) {
      throw Failure.of(
              FailureCode.NO_TERMINAL, "the terminal '" + terminal.getFirst() + "' did not open")
          .because(
              WholeFile.read(log)
                  .map(said -> new String(said, StandardCharsets.UTF_8).strip())
                  .orElse(null));
    }
  }
}
