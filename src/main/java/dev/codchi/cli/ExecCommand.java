package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi exec}. */
@Command(
    name = "exec",
    aliases = "run",
    description = {
      "Run a program in a machine, or open a login shell there.",
      "The arguments reach the program as they are, without a shell in between; its exit status becomes codchi's."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "125:codchi itself failed",
      "126:the program cannot be executed",
      "127:the program was not found"
    })
final class ExecCommand implements Callable<Integer> {
  private final RunInMachine runInMachine;

  @Parameters(
      index = "0",
      parameterConsumer = NextWord.class,
      paramLabel = "NAME",
      description = "The machine; it is started if need be.")
  String name = "";

  @Parameters(
      index = "1..*",
      parameterConsumer = RestOfLine.class,
      paramLabel = "COMMAND",
      description = "The program and its arguments; a login shell without any.")
  List<String> command = new ArrayList<>();

  ExecCommand(RunInMachine runInMachine) {
    this.runInMachine = runInMachine;
  }

  @Override
  public Integer call() {
    return runInMachine.run(MachineName.of(name), command);
  }
}
