package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.InputUpdates;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.RebuildMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi rebuild}. */
@Command(name = "rebuild", description = "Bring a machine to the state that its modules describe.")
final class RebuildCommand implements Callable<Integer> {
  private final RebuildMachine rebuildMachine;
  private final Machines machines;
  private final ShowRebuild showRebuild;
  private final FailurePrinter failures;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Option(names = "--all", description = "All machines, one after the other.")
  boolean all;

  @Option(
      names = {"-n", "--no-update"},
      description = "Keep the locked versions of all inputs.")
  boolean noUpdate;

  @Option(
      names = "--update",
      paramLabel = "INPUT",
      description =
          "Bring only this input to its newest state: a module's name, or nixpkgs; can be repeated.")
  List<String> update = new ArrayList<>();

  @Option(names = "--dry-run", description = "Build, show what would change, and change nothing.")
  boolean dryRun;

  RebuildCommand(
      RebuildMachine rebuildMachine,
      Machines machines,
      ShowRebuild showRebuild,
      FailurePrinter failures,
      Console console,
      ConsoleProgress progress) {
    this.rebuildMachine = rebuildMachine;
    this.machines = machines;
    this.showRebuild = showRebuild;
    this.failures = failures;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if (name.isEmpty() != all) {
      throw Failure.of(
              FailureCode.BAD_USAGE,
              all ? "both a machine and --all are given" : "no machine is given")
          .next("Name one machine, or give --all.");
    }
    if (noUpdate && !update.isEmpty()) {
      throw Failure.of(FailureCode.BAD_USAGE, "--update and --no-update exclude each other");
    }
    if (all) {
      return rebuildAll();
    }
    MachineName machine = MachineName.of(name);
    RebuildMachine.Rebuilt rebuilt = rebuild(machine);
    if (console.json()) {
      ObjectNode document = Json.document("rebuild").put("machine", machine.value());
      showRebuild.describe(document, rebuilt);
      console.out().println(Json.pretty(document));
    } else {
      showRebuild.tell(machine, rebuilt);
    }
    return 0;
  }

  /** One machine that fails does not keep the others from being rebuilt. */
  private int rebuildAll() {
    ObjectNode document = Json.document("rebuild-all");
    ArrayNode results = document.putArray("machines");
    int status = 0;
    for (MachineName machine : machines.names()) {
      ObjectNode one = results.addObject().put("machine", machine.value());
      try {
        RebuildMachine.Rebuilt rebuilt = rebuild(machine);
        showRebuild.describe(one, rebuilt);
        if (!console.json()) {
          showRebuild.tell(machine, rebuilt);
        }
      } catch (Failure failure) {
        if (failure.code() == FailureCode.INTERRUPTED || Thread.currentThread().isInterrupted()) {
          throw failure;
        }
        progress.note("The machine " + machine + " could not be rebuilt:");
        int failed = failures.print(failure);
        status = status == 0 ? failed : status;
        one.put("outcome", "failed").put("code", failure.code().id());
      }
    }
    if (console.json()) {
      console.out().println(Json.pretty(document));
    }
    return status;
  }

  private RebuildMachine.Rebuilt rebuild(MachineName machine) {
    InputUpdates updates =
        noUpdate
            ? new InputUpdates.None()
            : update.isEmpty() ? new InputUpdates.All() : new InputUpdates.Only(update);
    return dryRun
        ? rebuildMachine.dryRun(machine, updates, progress)
        : rebuildMachine.rebuild(machine, updates, progress);
  }
}
