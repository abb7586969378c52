package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks a person for required secrets that have no value, where there is a person. */
@ApplicationScoped
public class AskForSecrets {
  private final CollectSecrets collect;
  private final SetSecret set;
  private final SecretPrompt prompt;

  /** Asks this person for what that collection lacks. */
  public AskForSecrets(CollectSecrets collect, SetSecret set, SecretPrompt prompt) {
    this.collect = collect;
    this.set = set;
    this.prompt = prompt;
  }

  /**
   * Asks for everything that is missing and keeps the answers, all at once.
   *
   * @return what is still missing, because there is nobody to ask
   */
  public List<SecretDeclaration> ask(VaultLocation location, List<SecretDeclaration> declarations) {
    List<SecretDeclaration> missing = collect.missing(location, declarations);
    if (missing.isEmpty() || !prompt.isAnswered()) {
      return missing;
    }
    try (CollectedSecrets answers = answers(location, missing)) {
      set.setAll(location, answers.values());
    }
    return List.of();
  }

  /**
   * Asks for everything that is missing.
   *
   * @throws Failure {@code SECRETS_MISSING} naming all of it, with the commands that set it, when
   *     there is nobody to ask
   */
  public void requireAll(VaultLocation location, List<SecretDeclaration> declarations) {
    CollectSecrets.requireNone(location, ask(location, declarations));
  }

  private CollectedSecrets answers(VaultLocation location, List<SecretDeclaration> missing) {
    Map<SecretId, SecretValue> answers = new LinkedHashMap<>();
    try {
      for (SecretDeclaration declaration : missing) {
        SecretValue answer = prompt.ask(location.machine(), declaration);
        answers.put(declaration.id(), answer);
        answer.requireFit(declaration.id());
      }
      return new CollectedSecrets(answers);
    } catch (RuntimeException failed) {
      answers.values().forEach(SecretValue::close);
      throw failed;
    }
  }
}
