package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Finds out whether everything that a machine declares can be delivered. Changes nothing. */
@ApplicationScoped
public class CheckSecrets {
  private final CollectSecrets collect;

  /** Checks by collecting. */
  public CheckSecrets(CollectSecrets collect) {
    this.collect = collect;
  }

  /**
   * The required secrets that have no value and that codchi does not make itself. Values are read
   * for that, so this also proves that the vault can be opened.
   *
   * @throws Failure what the vault, its key's keeper, or the program that keeps secrets report
   */
  public List<SecretDeclaration> missing(
      VaultLocation location, List<SecretDeclaration> declarations) {
    try (CollectedSecrets found = collect.available(location, declarations)) {
      return declarations.stream()
          .filter(each -> each.required() && each.generator().isEmpty())
          .filter(each -> !found.values().containsKey(each.id()))
          .toList();
    }
  }
}
