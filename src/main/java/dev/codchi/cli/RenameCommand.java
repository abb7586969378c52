package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.RenameMachine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi rename}. */
@Command(name = "rename", description = "Give a machine another name.")
final class RenameCommand implements Callable<Integer> {
  private final RenameMachine renameMachine;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Parameters(index = "1", paramLabel = "NEW_NAME", description = "The machine's new name.")
  String newName = "";

  RenameCommand(RenameMachine renameMachine, Console console, ConsoleProgress progress) {
    this.renameMachine = renameMachine;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName to = MachineName.of(newName);
    renameMachine.rename(MachineName.of(name), to, progress);
    if (console.json()) {
      console.out().println(Json.pretty(Json.document("rename").put("machine", to.value())));
    } else {
      progress.note(name + " is " + to + " now.");
    }
    return 0;
  }
}
