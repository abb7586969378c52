package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.ExitStatus;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.CheckSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets check}. */
@Command(
    name = "check",
    description = {
      "Tell whether a machine's secrets can be delivered: opens the vault and asks secrets.command.",
      "Ends with 3 and names those that have no value."
    })
final class SecretsCheckCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final CheckSecrets checkSecrets;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  SecretsCheckCommand(
      MachineSecrets machineSecrets,
      CheckSecrets checkSecrets,
      Console console,
      ConsoleProgress progress) {
    this.machineSecrets = machineSecrets;
    this.checkSecrets = checkSecrets;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    List<SecretDeclaration> missing =
        checkSecrets.missing(machineSecrets.locate(machine), machineSecrets.declared(machine));
    if (console.json()) {
      ObjectNode document = Json.document("secrets-check").put("machine", machine.value());
      ArrayNode names = document.putArray("missing");
      missing.forEach(each ->
          names.addObject().put("name", each.id().name()).put("kind", each.id().kind().word()));
      console.out().println(Json.pretty(document));
      return missing.isEmpty() ? 0 : ExitStatus.NOT_FOUND.number();
    }
    if (!missing.isEmpty()) {
      throw Failure.of(
              FailureCode.NO_SUCH_SECRET,
              "the machine %s has no value for %s"
                  .formatted(
                      machine,
                      missing.stream()
                          .map(each -> each.id().toString())
                          .collect(Collectors.joining(", "))))
          .next(
              missing.stream()
                  .map(each -> "codchi secrets set " + machine + " " + each.id().name())
                  .collect(Collectors.joining("\n", "Set with:\n", "")));
    }
    progress.note("The machine " + machine + " gets all of its secrets.");
    return 0;
  }
}
