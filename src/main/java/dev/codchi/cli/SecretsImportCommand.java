package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.ImportSecrets;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.TransferFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets import}. */
@Command(
    name = "import",
    description = "Set secrets from NAME=VALUE lines or from JSON: all of them, or none.")
final class SecretsImportCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final ImportSecrets importSecrets;
  private final SecretInput input;
  private final ReportSecrets report;

  @Parameters(paramLabel = "NAME", description = "The machine; it need not be there yet.")
  String name = "";

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "The file to read; standard input without it.")
  @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "dotenv or json; found from the first character when not given.")
  @Nullable TransferFormat format;

  SecretsImportCommand(
      MachineSecrets machineSecrets,
      ImportSecrets importSecrets,
      SecretInput input,
      ReportSecrets report) {
    this.machineSecrets = machineSecrets;
    this.importSecrets = importSecrets;
    this.input = input;
    this.report = report;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    byte[] content = input.text(Optional.ofNullable(file));
    List<SecretId> set;
    try {
      set =
          importSecrets.importAll(
              machineSecrets.locateForNew(machine),
              content,
              format == null ? formatOf(content) : format);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
    report.changed("set", machine, set);
    return 0;
  }

  /** JSON begins with a brace, which no line of a dotenv file does. */
  static TransferFormat formatOf(byte[] content) {
    for (byte each : content) {
      if (each != ' ' && each != '\t' && each != '\r' && each != '\n') {
        return each == '{' ? TransferFormat.JSON : TransferFormat.DOTENV;
      }
    }
    return TransferFormat.DOTENV;
  }
}
