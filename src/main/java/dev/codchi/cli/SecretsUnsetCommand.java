package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.UnsetSecret;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets unset}. */
@Command(
    name = "unset",
    description = "Forget the value of a secret; a running machine loses it at once.")
final class SecretsUnsetCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final UnsetSecret unsetSecret;
  private final ReportSecrets report;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
  String name = "";

  @Parameters(index = "1", paramLabel = "SECRET", description = "The secret's name.")
  String secret = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "env, file or token; needed where secrets of two kinds have the name.")
  @Nullable SecretKind kind;

  SecretsUnsetCommand(
      MachineSecrets machineSecrets, UnsetSecret unsetSecret, ReportSecrets report) {
    this.machineSecrets = machineSecrets;
    this.unsetSecret = unsetSecret;
    this.report = report;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    SecretId id = machineSecrets.identify(machine, secret, Optional.ofNullable(kind));
    unsetSecret.unset(machineSecrets.locate(machine), id);
    report.changed("unset", machine, List.of(id));
    return 0;
  }
}
