package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.StartMachine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi start}. */
@Command(name = "start", description = "Start a machine and wait until it is up.")
final class StartCommand implements Callable<Integer> {
  private final StartMachine startMachine;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  StartCommand(StartMachine startMachine, ConsoleProgress progress) {
    this.startMachine = startMachine;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    startMachine.start(MachineName.of(name), progress);
    return 0;
  }
}
