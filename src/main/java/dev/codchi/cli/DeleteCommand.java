package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.DeleteMachine;
import dev.codchi.machines.MachineName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi delete}. */
@Command(name = "delete", description = "Delete a machine with all its files.")
final class DeleteCommand implements Callable<Integer> {
  private final DeleteMachine deleteMachine;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  DeleteCommand(DeleteMachine deleteMachine, Console console, ConsoleProgress progress) {
    this.deleteMachine = deleteMachine;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    if (!console.confirm(
        "Delete the machine " + machine + " and everything in its home directory?", "--yes")) {
      throw Failure.of(FailureCode.REFUSED_BY_USER, "the machine " + machine + " was not deleted");
    }
    deleteMachine.delete(machine, progress);
    return 0;
  }
}
