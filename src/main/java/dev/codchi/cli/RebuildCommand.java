package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.RebuildMachine;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi rebuild}. */
@Command(name = "rebuild", description = "Bring a machine to the state that its modules describe.")
final class RebuildCommand implements Callable<Integer> {
  private final RebuildMachine rebuildMachine;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Option(
      names = {"-n", "--no-update"},
      description = "Keep the locked versions of all inputs.")
  boolean noUpdate;

  RebuildCommand(RebuildMachine rebuildMachine, Console console, ConsoleProgress progress) {
    this.rebuildMachine = rebuildMachine;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    RebuildMachine.Outcome outcome = rebuildMachine.rebuild(machine, !noUpdate, progress);
    if (console.json()) {
      console
          .out()
          .println(
              Json.pretty(
                  Json.document("rebuild")
                      .put("machine", machine.value())
                      .put("outcome", outcome.name().toLowerCase(Locale.ROOT))));
    } else {
      progress.note(
          switch (outcome) {
            case UP_TO_DATE -> machine + " is up to date.";
            case SWITCHED -> machine + " has a new generation, which is active.";
            case INSTALLED ->
                machine + " has a new generation; it is active from the next start on.";
          });
    }
    return 0;
  }
}
