package dev.codchi.cli;

import dev.codchi.store.StoreShell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi store shell}. */
@Command(name = "shell", description = "Open a shell, or run a program, in the store.")
final class StoreShellCommand implements Callable<Integer> {
  private final StoreShell storeShell;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "COMMAND", description = "A program and its arguments, after '--'.")
  List<String> command = new ArrayList<>();

  StoreShellCommand(StoreShell storeShell, ConsoleProgress progress) {
    this.storeShell = storeShell;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    try (HostTerminal terminal = HostTerminal.open()) {
      var io = terminal.interactive() ? terminal.attach() : terminal.streams();
      var program =
          storeShell.start(command, System.getenv().getOrDefault("TERM", "dumb"), io, progress);
      progress.clear();
      return program.await();
    }
  }
}
