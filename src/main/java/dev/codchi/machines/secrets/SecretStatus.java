package dev.codchi.machines.secrets;

import java.time.Instant;
import java.util.Optional;

/**
 * What codchi knows about a secret without its value.
 *
 * @param id which
 * @param declaration what the machine's configuration says; empty when it does not ask for it
 * @param changed when its value was set in the vault; empty when it was not
 */
public record SecretStatus(
    SecretId id, Optional<SecretDeclaration> declaration, Optional<Instant> changed) {
  /** Whether the vault has a value. */
  public boolean isSet() {
    return changed.isPresent();
  }

  /** Whether the machine needs it and the vault has no value. */
  public boolean isMissing() {
    return !isSet() && declaration.map(SecretDeclaration::required).orElse(false);
  }
}
