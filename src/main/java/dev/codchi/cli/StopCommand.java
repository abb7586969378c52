package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.StopMachine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi stop}. */
@Command(name = "stop", description = "Shut a machine down.")
final class StopCommand implements Callable<Integer> {
  private final StopMachine stopMachine;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Option(
      names = {"-f", "--force"},
      description = "Do not wait for its services.")
  boolean force;

  StopCommand(StopMachine stopMachine, ConsoleProgress progress) {
    this.stopMachine = stopMachine;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    stopMachine.stop(MachineName.of(name), force, progress);
    return 0;
  }
}
