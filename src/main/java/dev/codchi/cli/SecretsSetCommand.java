package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.SetSecret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets set}. */
@Command(
    name = "set",
    description = {
      "Keep a value for a secret; a running machine gets it at once.",
      "The value is asked for, or taken from standard input, or from a file."
    })
final class SecretsSetCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final SetSecret setSecret;
  private final SecretInput input;
  private final ReportSecrets report;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The machine; with --kind it need not be there yet.")
  String name = "";

  @Parameters(index = "1", paramLabel = "SECRET", description = "The secret's name.")
  String secret = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "env, file or token; found by itself for a secret that is declared or set.")
  @Nullable SecretKind kind;

  @Option(names = "--file", paramLabel = "PATH", description = "The file that holds the value.")
  @Nullable Path file;

  @Option(
      names = "--exact",
      description = "Keep a line break at the end of a value that is not a file.")
  boolean exact;

  SecretsSetCommand(
      MachineSecrets machineSecrets, SetSecret setSecret, SecretInput input, ReportSecrets report) {
    this.machineSecrets = machineSecrets;
    this.setSecret = setSecret;
    this.input = input;
    this.report = report;
  }

  /**
   * {@inheritDoc}
   *
   * @throws Failure what the value, the vault or the machine is not fit for
   */
  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    SecretId id = machineSecrets.identify(machine, secret, Optional.ofNullable(kind));
    report.describe(declaration(machine, id));
    try (SecretValue value = input.value(id, Optional.ofNullable(file), exact)) {
      setSecret.set(machineSecrets.locateForNew(machine), id, value);
    }
    report.changed("set", machine, List.of(id));
    return 0;
  }

  private Optional<SecretDeclaration> declaration(MachineName machine, SecretId id) {
    return machineSecrets.declared(machine).stream().filter(each -> each.id().equals(id)).findAny();
  }
}
