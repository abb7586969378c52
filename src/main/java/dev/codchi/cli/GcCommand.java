package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ClosureDiff;
import dev.codchi.machines.CollectGarbage;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi gc}. */
@Command(name = "gc", description = "Free what no machine uses any more.")
final class GcCommand implements Callable<Integer> {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([hdw])");
  private static final int DAYS_A_WEEK = 7;

  /** How many of the paths that are freed are named. */
  private static final int SHOWN = 10;

  private final CollectGarbage collectGarbage;
  private final Machines machines;
  private final Console console;
  private final ConsoleProgress progress;

  @Option(
      names = "--delete-old",
      arity = "0..1",
      fallbackValue = "0h",
      paramLabel = "AGE",
      description =
          "Delete generations before: all but the present one, or those older than AGE (12h, 30d, 4w).")
  @Nullable String deleteOld;

  @Option(names = "--all", description = "Delete old generations of all machines.")
  boolean all;

  @Option(names = "--dry-run", description = "Show what would be freed, and free nothing.")
  boolean dryRun;

  @Parameters(
      arity = "0..*",
      paramLabel = "MACHINES",
      description = "Delete old generations of these machines.")
  List<String> names = new ArrayList<>();

  GcCommand(
      CollectGarbage collectGarbage, Machines machines, Console console, ConsoleProgress progress) {
    this.collectGarbage = collectGarbage;
    this.machines = machines;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    List<String> chosen = new ArrayList<>(names);
    String age = deleteOld;
    if (age != null && !age.isEmpty() && Character.isLetter(age.charAt(0))) {
      // 'gc --delete-old web': names of machines start with a letter, ages with a digit.
      chosen.addFirst(age);
      age = "0h";
    }
    check(age != null, chosen);
    List<MachineName> whose =
        age == null
            ? List.of()
            : all ? machines.names() : chosen.stream().map(MachineName::of).toList();
    CollectGarbage.Report report =
        collectGarbage.collect(
            new CollectGarbage.Wish(whose, age == null ? Duration.ZERO : duration(age), dryRun),
            progress);
    if (console.json()) {
      console.out().println(Json.pretty(json(report)));
    } else {
      print(report);
    }
    return 0;
  }

  private void check(boolean deleting, List<String> chosen) {
    if (all && !chosen.isEmpty()) {
      throw Failure.of(FailureCode.BAD_USAGE, "both machines and --all are given");
    }
    boolean named = all || !chosen.isEmpty();
    if (deleting && !named) {
      throw Failure.of(FailureCode.BAD_USAGE, "it is not said whose generations are deleted")
          .next("Name machines, or give --all.");
    }
    if (!deleting && named) {
      throw Failure.of(FailureCode.BAD_USAGE, "machines are named, but nothing of them is deleted")
          .because("the store is shared, so garbage is collected in all of it")
          .next("Give --delete-old to delete their old generations.");
    }
  }

  /** An age as people write it; package-private for its test. */
  static Duration duration(String text) {
    Matcher age = AGE.matcher(text);
    if (!age.matches()) {
      throw Failure.of(FailureCode.BAD_USAGE, "'" + text + "' is not an age")
          .next("Write for example 12h, 30d or 4w.");
    }
    long number = Long.parseLong(age.group(1));
    return switch (age.group(2)) {
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(number * DAYS_A_WEEK);
    };
  }

  private void print(CollectGarbage.Report report) {
    for (CollectGarbage.Deleted one : report.deleted()) {
      console
          .out()
          .println(
              (dryRun ? "would delete" : "deleted")
                  + " generation "
                  + one.generation()
                  + " of "
                  + one.machine());
    }
    console
        .out()
        .println(
            (dryRun ? "would free " : "freed ")
                + ClosureDiff.size(report.bytes())
                + " in "
                + report.freed().size()
                + " store paths");
    for (CollectGarbage.Freed one : report.freed().stream().limit(SHOWN).toList()) {
      console.out().println("  " + ClosureDiff.size(one.bytes()) + "  " + one.name());
    }
    if (report.freed().size() > SHOWN) {
      console
          .out()
          .println("  and " + (report.freed().size() - SHOWN) + " more; --json names them all");
    }
    Table table = new Table(List.of("KEPT BY", "SIZE", "ALONE"));
    for (CollectGarbage.Kept kept : report.kept()) {
      table.row(
          List.of(kept.owner(), ClosureDiff.size(kept.bytes()), ClosureDiff.size(kept.alone())));
    }
    table.print(console.out());
  }

  private ObjectNode json(CollectGarbage.Report report) {
    ObjectNode document = Json.document("gc").put("dry_run", dryRun);
    document.put("freed_bytes", report.bytes()).put("freed_paths", report.freed().size());
    ArrayNode freed = document.putArray("freed");
    for (CollectGarbage.Freed one : report.freed()) {
      freed.addObject().put("path", "/nix/store/" + one.name()).put("bytes", one.bytes());
    }
    ArrayNode deleted = document.putArray("deleted");
    for (CollectGarbage.Deleted one : report.deleted()) {
      deleted.addObject().put("machine", one.machine().value()).put("generation", one.generation());
    }
    ArrayNode kept = document.putArray("kept");
    for (CollectGarbage.Kept one : report.kept()) {
      kept.addObject()
          .put("owner", one.owner())
          .put("bytes", one.bytes())
          .put("alone_bytes", one.alone());
    }
    return document;
  }
}
