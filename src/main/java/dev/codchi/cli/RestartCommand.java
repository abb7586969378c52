package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.StartMachine;
import dev.codchi.machines.StopMachine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi restart}. */
@Command(name = "restart", description = "Shut a machine down and start it again.")
final class RestartCommand implements Callable<Integer> {
  private final StopMachine stopMachine;
  private final StartMachine startMachine;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Option(
      names = {"-f", "--force"},
      description = "Do not wait for its services to stop.")
  boolean force;

  RestartCommand(StopMachine stopMachine, StartMachine startMachine, ConsoleProgress progress) {
    this.stopMachine = stopMachine;
    this.startMachine = startMachine;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    stopMachine.stop(machine, force, progress);
    startMachine.start(machine, progress);
    return 0;
  }
}
