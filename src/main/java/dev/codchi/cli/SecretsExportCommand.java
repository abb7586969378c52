package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.ExportSecrets;
import dev.codchi.machines.secrets.TransferFormat;
import dev.codchi.machines.secrets.VaultLocation;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets export}. */
@Command(
    name = "export",
    description = "Write a machine's secrets down IN CLEAR TEXT, for another program or computer.")
final class SecretsExportCommand implements Callable<Integer> {
  private static final int PRIVATE = 0600;

  private final MachineSecrets machineSecrets;
  private final ExportSecrets exportSecrets;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      description =
          "json, or dotenv, which has room for variables only; ${DEFAULT-VALUE} if not given.")
  TransferFormat format = TransferFormat.JSON;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Write to this file, which only you can read; to the terminal without it.")
  @Nullable Path output;

  @Option(
      names = {"-f", "--force"},
      description = "Print also where that is no terminal; replace a file that exists.")
  boolean force;

  SecretsExportCommand(
      MachineSecrets machineSecrets,
      ExportSecrets exportSecrets,
      Console console,
      ConsoleProgress progress) {
    this.machineSecrets = machineSecrets;
    this.exportSecrets = exportSecrets;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    VaultLocation location = machineSecrets.locate(machine);
    refuse(output);
    ExportSecrets.Exported exported = exportSecrets.export(location, format);
    byte[] content = exported.content();
    try {
      if (output == null) {
        PrintStream out = console.out();
        out.write(content, 0, content.length);
        if (content.length > 0 && content[content.length - 1] != '\n') {
          out.println();
        }
        out.flush();
      } else {
        WholeFile.write(output, content, PRIVATE);
      }
    } finally {
      Arrays.fill(content, (byte) 0);
    }
    exported
        .left()
        .forEach(id -> progress.warn(id + " is left out: dotenv has room for variables only"));
    if (output != null) {
      tell(machine, output, exported);
    }
    return 0;
  }

  private void refuse(@Nullable Path file) {
    if (force) {
      return;
    }
    if (file == null && (!Console.terminal(1) || console.json())) {
      throw Failure.of(FailureCode.BAD_USAGE, "the secrets were not printed")
          .because(console.json() ? "JSON is for programs" : "standard output is not a terminal")
          .next("Give --output PATH, or --force if the values may go there.");
    }
    if (file != null && Files.exists(file)) {
      throw Failure.of(FailureCode.BAD_USAGE, "there is already a file " + file)
          .next("Name another file, or give --force to replace it.");
    }
  }

  private void tell(MachineName machine, Path file, ExportSecrets.Exported exported) {
    if (!console.json()) {
      progress.note(
          "The secrets of " + machine + " are in " + file + " in clear text; remove it after use.");
      return;
    }
    ObjectNode document = Json.document("secrets-exported").put("machine", machine.value());
    document.put("file", file.toString());
    ArrayNode left = document.putArray("left");
    exported
        .left()
        .forEach(id -> left.addObject().put("name", id.name()).put("kind", id.kind().word()));
    console.out().println(Json.pretty(document));
  }
}
