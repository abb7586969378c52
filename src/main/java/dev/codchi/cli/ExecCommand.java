package dev.codchi.cli;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.machines.ExecInMachine;
import dev.codchi.machines.MachineName;
import java.io.UncheckedIOException;
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
  /** 128 + SIGPIPE, as a shell would see it. */
  private static final int BROKEN_PIPE = 141;

  private final ExecInMachine execInMachine;
  private final Interrupts interrupts;
  private final ConsoleProgress progress;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The machine; it is started if need be.")
  String name = "";

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "The program and its arguments; a login shell without any.")
  List<String> command = new ArrayList<>();

  ExecCommand(ExecInMachine execInMachine, Interrupts interrupts, ConsoleProgress progress) {
    this.execInMachine = execInMachine;
    this.interrupts = interrupts;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    List<String> argv =
        !command.isEmpty() && command.get(0).equals("--")
            ? command.subList(1, command.size())
            : command;
    String terminalType = System.getenv().getOrDefault("TERM", "dumb");
    try (HostTerminal terminal = HostTerminal.open()) {
      Execution.Io io = terminal.interactive() ? terminal.attach() : terminal.streams();
      Executor.Running program = execInMachine.exec(machine, argv, terminalType, io, progress);
      progress.clear();
      try (Interrupts.Redirection _ = interrupts.redirect(program::signal)) {
        return program.await();
      } catch (UncheckedIOException outputGone) {
        // Whoever read the output has gone, as in "codchi exec M yes | head -1"; the program was
        // ended like any in a pipe.
        return BROKEN_PIPE;
      }
    }
  }
}
