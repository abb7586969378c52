package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.export.ExportMachine;
import dev.codchi.export.Format;
import dev.codchi.export.PlanExport;
import dev.codchi.export.SecretsPolicy;
import dev.codchi.export.StatePolicy;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi export}. */
@Command(
    name = "export",
    description = "Hand a machine over as something that runs without codchi.")
final class ExportCommand implements Callable<Integer> {
  private static final long MEBIBYTE = 1L << 20;

  private final ExportMachine exportMachine;
  private final PlanExport planExport;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The machine.")
  @Nullable String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where it goes; the machine's name with a fitting end unless given.")
  @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "What it becomes: ${COMPLETION-CANDIDATES}.")
  @Nullable Format format;

  @Option(
      names = "--list-formats",
      description = "Show the formats; with NAME, which of them its nixpkgs can make.")
  boolean listFormats;

  @Option(
      names = "--dry-run",
      description = "Only show how large it will be, and how long it takes.")
  boolean dryRun;

  @Option(
      names = "--state",
      paramLabel = "WHAT",
      description = "Whether the machine's files go along: ${COMPLETION-CANDIDATES}.")
  StatePolicy state = StatePolicy.FULL;

  @Option(
      names = "--secrets",
      paramLabel = "WHAT",
      description = "Whether secrets go along, in clear text: ${COMPLETION-CANDIDATES}.")
  SecretsPolicy secrets = SecretsPolicy.EXCLUDE;

  @Option(
      names = "--verify",
      description = "Start a disk in QEMU before it gets its name, and wait until it is up.")
  boolean verify;

  @Option(names = "--stop", description = "Stop the machine meanwhile if it runs.")
  boolean stop;

  @Option(
      names = {"-f", "--force"},
      description = "Replace a file that exists.")
  boolean force;

  ExportCommand(
      ExportMachine exportMachine,
      PlanExport planExport,
      Console console,
      ConsoleProgress progress) {
    this.exportMachine = exportMachine;
    this.planExport = planExport;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if (listFormats) {
      list(
          name == null
              ? Arrays.stream(Format.values()).filter(Format::isMade).toList()
              : planExport.available(MachineName.of(name), progress));
      return 0;
    }
    if (name == null || format == null) {
      throw Failure.of(
              FailureCode.BAD_USAGE,
              name == null ? "which machine is to be exported?" : "in which format?")
          .next("Say 'codchi export NAME --format FORMAT'; --list-formats shows the formats.");
    }
    MachineName machine = MachineName.of(name);
    Path target = file == null ? Path.of(format.fileOf(machine.value())) : file;
    ExportMachine.Wanted wanted =
        new ExportMachine.Wanted(
            format, target, state, secrets, force, stop, verify, Version.number());
    if (dryRun) {
      estimate(machine, wanted);
    } else {
      export(machine, wanted);
    }
    return 0;
  }

  private void list(List<Format> available) {
    if (console.json()) {
      ObjectNode document = Json.document("export-formats");
      ArrayNode formats = document.putArray("formats");
      Arrays.stream(Format.values())
          .forEach(each ->
              formats
                  .addObject()
                  .put("format", each.id())
                  .put("purpose", each.purpose())
                  .put("available", available.contains(each)));
      console.out().println(Json.pretty(document));
      return;
    }
    Table table = new Table(List.of("FORMAT", "WHAT IT IS", ""));
    for (Format each : Format.values()) {
      table.row(
          List.of(
              each.id(),
              each.purpose(),
              !each.isMade()
                  ? "not made"
                  : available.contains(each) ? "" : "not with its nixpkgs"));
    }
    table.print(console.out());
  }

  private void estimate(MachineName machine, ExportMachine.Wanted wanted) {
    PlanExport.Estimate estimate = planExport.estimate(machine, wanted, progress);
    if (console.json()) {
      ObjectNode document = Json.document("export-estimate").put("machine", machine.value());
      document.put("format", wanted.format().id()).put("systemBytes", estimate.system());
      document.put("stateBytes", estimate.state()).put("seconds", estimate.seconds(wanted));
      console.out().println(Json.pretty(document));
      return;
    }
    console
        .out()
        .printf(
            "system %d MiB, files %d MiB, before packing; about %d s%n",
            estimate.system() / MEBIBYTE, estimate.state() / MEBIBYTE, estimate.seconds(wanted));
  }

  private void export(MachineName machine, ExportMachine.Wanted wanted) {
    ExportMachine.Exported exported = exportMachine.export(machine, wanted, progress);
    exported.skipped().forEach(socket -> progress.note("Left out the socket " + socket));
    if (console.json()) {
      ObjectNode document = Json.document("export").put("file", wanted.file().toString());
      document.put("manifestFile", exported.manifestFile().toString());
      document.set("manifest", exported.manifest().json());
      exported.skipped().forEach(document.putArray("skipped")::add);
      console.out().println(Json.pretty(document));
    } else {
      progress.note(
          "Wrote %s; what it is stands in %s".formatted(wanted.file(), exported.manifestFile()));
    }
  }
}
