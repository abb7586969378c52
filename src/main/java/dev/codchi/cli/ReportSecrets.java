package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Delivers after secrets were changed, and tells what became of the change. */
@ApplicationScoped
public class ReportSecrets {
  private final MachineSecrets machineSecrets;
  private final Console console;
  private final ConsoleProgress progress;

  ReportSecrets(MachineSecrets machineSecrets, Console console, ConsoleProgress progress) {
    this.machineSecrets = machineSecrets;
    this.console = console;
    this.progress = progress;
  }

  /** Shows a person what a secret is for, before it is asked for. */
  void describe(Optional<SecretDeclaration> declaration) {
    if (console.interactive()) {
      declaration
          .map(SecretDeclaration::description)
          .filter(text -> !text.isEmpty())
          .ifPresent(progress::note);
    }
  }

  /**
   * Delivers and tells.
   *
   * @param done what was done, in one word
   * @param ids what was changed
   */
  void changed(String done, MachineName machine, List<SecretId> ids) {
    List<SecretId> declared =
        machineSecrets.declared(machine).stream().map(SecretDeclaration::id).toList();
    boolean delivered =
        ids.stream().anyMatch(declared::contains) && machineSecrets.refresh(machine, progress);
    if (console.json()) {
      ObjectNode document = Json.document("secrets-changed").put("machine", machine.value());
      document.put("outcome", done).put("delivered", delivered);
      ArrayNode secrets = document.putArray("secrets");
      ids.forEach(id -> secrets.addObject().put("name", id.name()).put("kind", id.kind().word()));
      console.out().println(Json.pretty(document));
      return;
    }
    String names = ids.stream().map(SecretId::toString).collect(Collectors.joining(", "));
    progress.note(
        "%s of %s: %s.%s"
            .formatted(
                names.isEmpty() ? "Secrets" : names,
                machine,
                names.isEmpty() ? "nothing to do" : done,
                delivered ? " The running machine has the change." : ""));
    List<SecretId> undeclared =
        ids.stream().filter(id -> id.kind() != SecretKind.TOKEN && !declared.contains(id)).toList();
    if (!undeclared.isEmpty() && !done.equals("unset")) {
      progress.note(
          machineSecrets.exists(machine)
              ? "The machine does not declare "
                  + undeclared.stream().map(SecretId::toString).collect(Collectors.joining(", "))
                  + ", so it does not get "
                  + (undeclared.size() == 1 ? "it." : "them.")
              : "There is no machine " + machine + " yet; it finds this when it is made.");
    }
  }
}
