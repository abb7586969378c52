package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.RollbackMachine;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi rollback}. */
@Command(name = "rollback", description = "Make a machine use a system that it had before.")
final class RollbackCommand implements Callable<Integer> {
  private final RollbackMachine rollbackMachine;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "GENERATION",
      description = "Its number, from 'codchi generations'; the one before without it.")
  @Nullable Integer generation;

  RollbackCommand(RollbackMachine rollbackMachine, Console console, ConsoleProgress progress) {
    this.rollbackMachine = rollbackMachine;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    RollbackMachine.RolledBack done =
        rollbackMachine.rollback(machine, Optional.ofNullable(generation), progress);
    if (console.json()) {
      console
          .out()
          .println(
              Json.pretty(
                  Json.document("rollback")
                      .put("machine", machine.value())
                      .put("from", done.from())
                      .put("to", done.to())
                      .put("active", done.running())));
    } else {
      progress.note(
          machine
              + " is back at generation "
              + done.to()
              + (done.running() ? ", which is active." : "; it is active from the next start on."));
      progress.note("The next rebuild goes on from the locked versions of its modules.");
    }
    return 0;
  }
}
