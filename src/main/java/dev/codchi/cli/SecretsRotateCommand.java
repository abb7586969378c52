package dev.codchi.cli;

import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.RotateSecrets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets rotate}. */
@Command(
    name = "rotate",
    description = {
      "Seal a machine's secrets anew, with a fresh key that secrets.provider keeps.",
      "The values stay; change those at their source."
    })
final class SecretsRotateCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final RotateSecrets rotateSecrets;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  SecretsRotateCommand(
      MachineSecrets machineSecrets,
      RotateSecrets rotateSecrets,
      Console console,
      ConsoleProgress progress) {
    this.machineSecrets = machineSecrets;
    this.rotateSecrets = rotateSecrets;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    boolean rotated = rotateSecrets.rotate(machineSecrets.locate(machine));
    if (console.json()) {
      console
          .out()
          .println(
              Json.pretty(
                  Json.document("secrets-rotated")
                      .put("machine", machine.value())
                      .put("rotated", rotated)));
    } else {
      progress.note(
          rotated
              ? "The secrets of " + machine + " are sealed with a new key."
              : "No secrets are kept for " + machine + ".");
    }
    return 0;
  }
}
