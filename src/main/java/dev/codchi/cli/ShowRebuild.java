package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.ClosureDiff;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.RebuildMachine;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what a rebuild did, and how the packages changed. */
@ApplicationScoped
public class ShowRebuild {
  private final Console console;
  private final ConsoleProgress progress;

  ShowRebuild(Console console, ConsoleProgress progress) {
    this.console = console;
    this.progress = progress;
  }

  /** For people; what a dry run found is data and goes to standard output. */
  void tell(MachineName machine, RebuildMachine.Rebuilt rebuilt) {
    switch (rebuilt.outcome()) {
      case UP_TO_DATE -> progress.note(machine + " is up to date.");
      case TRIED -> {
        progress.note("A rebuild of " + machine + " would change:");
        lines(rebuilt.changes()).forEach(console.out()::println);
      }
      case SWITCHED -> {
        progress.note(machine + " has a new generation, which is active.");
        lines(rebuilt.changes()).forEach(progress::note);
      }
      case RESTART_NEEDED -> {
        progress.warn(
            machine
                + " has a new generation; it is active after a restart: codchi restart "
                + machine);
        lines(rebuilt.changes()).forEach(progress::note);
      }
      case INSTALLED -> {
        progress.note(machine + " has a new generation; it is active from the next start on.");
        lines(rebuilt.changes()).forEach(progress::note);
      }
    }
  }

  /** For programs. */
  void describe(ObjectNode document, RebuildMachine.Rebuilt rebuilt) {
    document.put("outcome", rebuilt.outcome().name().toLowerCase(Locale.ROOT));
    ArrayNode changes = document.putArray("changes");
    for (ClosureDiff.Change change : rebuilt.changes().changes()) {
      changes
          .addObject()
          .put("package", change.name())
          .put("change", change.kind().name().toLowerCase(Locale.ROOT))
          .put("before", change.before())
          .put("after", change.after())
          .put("bytes", change.bytes());
    }
  }

  private static List<String> lines(ClosureDiff difference) {
    List<String> lines = new ArrayList<>();
    difference.changes().forEach(change -> lines.add("  " + change.describe()));
    lines.add(
        difference.changes().isEmpty()
            ? "  no package but the configuration"
            : "  together " + ClosureDiff.signed(difference.bytes()));
    return lines;
  }
}
