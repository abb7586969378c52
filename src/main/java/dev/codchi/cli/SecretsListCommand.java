package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.ListSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretStatus;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi secrets list}. */
@Command(name = "list", description = "Show which secrets a machine declares and which are set.")
final class SecretsListCommand implements Callable<Integer> {
  private final MachineSecrets machineSecrets;
  private final ListSecrets listSecrets;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  SecretsListCommand(MachineSecrets machineSecrets, ListSecrets listSecrets, Console console) {
    this.machineSecrets = machineSecrets;
    this.listSecrets = listSecrets;
    this.console = console;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    List<SecretStatus> all =
        listSecrets.list(machineSecrets.locate(machine), machineSecrets.declared(machine));
    if (console.json()) {
      console.out().println(Json.pretty(json(machine, all)));
    } else if (all.isEmpty()) {
      console.out().println("The machine " + machine + " declares no secrets, and none are set.");
    } else {
      Table table = new Table(List.of("SECRET", "KIND", "STATE", "CHANGED", "DESCRIPTION"));
      for (SecretStatus secret : all) {
        table.row(
            List.of(
                secret.id().name(),
                secret.id().kind().word(),
                state(secret),
                secret.changed().map(Instant::toString).orElse("-"),
                secret
                    .declaration()
                    .map(SecretDeclaration::description)
                    .map(text -> text.replaceAll("\\s+", " "))
                    .orElse("")));
      }
      table.print(console.out());
    }
    return 0;
  }

  /** One word for how a secret is. */
  static String state(SecretStatus secret) {
    if (secret.declaration().isEmpty()) {
      return "undeclared";
    }
    if (secret.isSet()) {
      return "set";
    }
    if (secret.declaration().get().generator().isPresent()) {
      return "generated";
    }
    return secret.isMissing() ? "missing" : "optional";
  }

  private static ObjectNode json(MachineName machine, List<SecretStatus> all) {
    ObjectNode document = Json.document("secrets").put("machine", machine.value());
    ArrayNode secrets = document.putArray("secrets");
    for (SecretStatus secret : all) {
      ObjectNode one = secrets.addObject();
      one.put("name", secret.id().name()).put("kind", secret.id().kind().word());
      one.put("state", state(secret)).put("set", secret.isSet());
      secret.changed().ifPresent(when -> one.put("changed", when.toString()));
      secret.declaration().ifPresent(declared -> declaration(one, declared));
    }
    return document;
  }

  private static void declaration(ObjectNode one, SecretDeclaration declared) {
    one.put("required", declared.required()).put("description", declared.description());
    one.put("path", declared.place().file());
    if (declared.place() instanceof SecretDeclaration.InVariable(String variable, String _)) {
      one.put("variable", variable);
    }
  }
}
