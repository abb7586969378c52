package dev.codchi.cli;

import dev.codchi.machines.ReadLogs;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi logs}. */
@Command(name = "logs", description = "Show what a machine, or the store, has written to its log.")
final class LogsCommand implements Callable<Integer> {
  private final ReadLogs readLogs;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "A machine, or 'store'.")
  String name = "";

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many lines; ${DEFAULT-VALUE} if not given.")
  int lines;

  LogsCommand(ReadLogs readLogs, Console console) {
    this.readLogs = readLogs;
    this.console = console;
  }

  @Override
  public Integer call() {
    PrintStream out = console.out();
    return readLogs.print(name, lines, out, console.err());
  }
}
