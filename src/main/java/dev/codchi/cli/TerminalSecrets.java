package dev.codchi.cli;

import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretPrompt;
import dev.codchi.machines.secrets.SecretValue;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks at the terminal for the values of secrets that a machine needs. */
@ApplicationScoped
public class TerminalSecrets implements SecretPrompt {
  private final HiddenInput input;

  TerminalSecrets(HiddenInput input) {
    this.input = input;
  }

  @Override
  public boolean isAnswered() {
    return input.possible();
  }

  @Override
  public SecretValue ask(String machine, SecretDeclaration declaration) {
    if (!declaration.description().isEmpty()) {
      input.tell(declaration.description());
    }
    return input.ask("Value of " + declaration.id() + " for " + machine);
  }
}
