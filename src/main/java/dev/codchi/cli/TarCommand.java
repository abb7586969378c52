package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.export.ExportTar;
import dev.codchi.export.SecretsPolicy;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi tar}. */
@Command(
    name = "tar",
    description = "Write all files of a machine to an archive that makes any NixOS what it was.")
final class TarCommand implements Callable<Integer> {
  private final ExportTar exportTar;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "The archive, packed as it ends: .zst, .gz or .xz; - for standard output.")
  String file = "";

  @Option(
      names = "--secrets",
      paramLabel = "WHAT",
      description = "Whether secrets go along, in clear text: ${COMPLETION-CANDIDATES}.")
  SecretsPolicy secrets = SecretsPolicy.EXCLUDE;

  @Option(names = "--stop", description = "Stop the machine meanwhile if it runs.")
  boolean stop;

  @Option(
      names = {"-f", "--force"},
      description = "Replace a file that exists.")
  boolean force;

  TarCommand(ExportTar exportTar, Console console, ConsoleProgress progress) {
    this.exportTar = exportTar;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    Path target = file.equals("-") ? null : Path.of(file);
    if (target == null && Console.terminal(1)) {
      throw Failure.of(FailureCode.BAD_USAGE, "an archive is nothing for a terminal")
          .next("Name a file, or send the output elsewhere.");
    }
    ExportTar.Exported exported =
        exportTar.export(machine, ExportTar.Wanted.of(target, secrets, force, stop), progress);
    exported.skipped().forEach(socket -> progress.note("Left out the socket " + socket));
    if (console.json() && target != null) {
      console.out().println(Json.pretty(document(machine, target, exported)));
    } else {
      progress.note(
          "Wrote %d files of %s%s"
              .formatted(exported.members(), machine, target == null ? "" : " to " + target));
    }
    return 0;
  }

  private static ObjectNode document(
      MachineName machine, @Nullable Path target, ExportTar.Exported exported) {
    ObjectNode document = Json.document("tar").put("machine", machine.value());
    document.put("file", String.valueOf(target));
    document.put("members", exported.members());
    document.put("unpackedBytes", exported.unpacked());
    exported.skipped().forEach(document.putArray("skipped")::add);
    return document;
  }
}
