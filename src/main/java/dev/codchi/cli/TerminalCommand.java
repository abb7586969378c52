package dev.codchi.cli;

import dev.codchi.hostintegration.desktop.OpenTerminal;
import dev.codchi.machines.MachineName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi terminal}. */
@Command(
    name = "terminal",
    description = {
      "Open a new window of your terminal with a shell, or a program, in a machine.",
      "The terminal is the one that the variable TERMINAL names, else that of your desktop."
    })
final class TerminalCommand implements Callable<Integer> {
  private final OpenTerminal openTerminal;

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

  TerminalCommand(OpenTerminal openTerminal) {
    this.openTerminal = openTerminal;
  }

  @Override
  public Integer call() {
    openTerminal.open(MachineName.of(name), command);
    return 0;
  }
}
