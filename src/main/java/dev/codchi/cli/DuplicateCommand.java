package dev.codchi.cli;

import dev.codchi.machines.DuplicateMachine;
import dev.codchi.machines.MachineName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi duplicate}. */
@Command(
    name = "duplicate",
    aliases = "dup",
    description = "Make a machine that is like another one, with everything in it.")
final class DuplicateCommand implements Callable<Integer> {
  private final DuplicateMachine duplicateMachine;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Parameters(index = "1", paramLabel = "NEW_NAME", description = "The new machine's name.")
  String newName = "";

  DuplicateCommand(DuplicateMachine duplicateMachine, Console console, ConsoleProgress progress) {
    this.duplicateMachine = duplicateMachine;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName to = MachineName.of(newName);
    duplicateMachine.duplicate(MachineName.of(name), to, progress);
    if (console.json()) {
      console.out().println(Json.pretty(Json.document("duplicate").put("machine", to.value())));
    } else {
      progress.note("The machine " + to + " is ready. Enter it with 'codchi exec " + to + "'.");
    }
    return 0;
  }
}
