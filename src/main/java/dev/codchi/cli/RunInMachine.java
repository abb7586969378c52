package dev.codchi.cli;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.machines.ExecInMachine;
import dev.codchi.machines.MachineName;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.List;

/** Runs a program in a machine with this process's own terminal or streams, and waits for it. */
@ApplicationScoped
public class RunInMachine {
  /** 128 + SIGPIPE, as a shell would see it. */
  private static final int BROKEN_PIPE = 141;

  private final ExecInMachine execInMachine;
  private final Interrupts interrupts;
  private final ConsoleProgress progress;

  RunInMachine(ExecInMachine execInMachine, Interrupts interrupts, ConsoleProgress progress) {
    this.execInMachine = execInMachine;
    this.interrupts = interrupts;
    this.progress = progress;
  }

  /**
   * Runs it; signals are passed on to it.
   *
   * @param command the program and its arguments, perhaps after {@code --}; empty for a login shell
   * @return its exit status
   */
  int run(MachineName machine, List<String> command) {
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
