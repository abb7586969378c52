package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;

/** Removes a secret from a machine's vault. */
@ApplicationScoped
public class UnsetSecret {
  private final Vaults vaults;

  /** Removes secrets from these vaults. */
  public UnsetSecret(Vaults vaults) {
    this.vaults = vaults;
  }

  /**
   * Removes a secret.
   *
   * @throws Failure {@code NO_SUCH_SECRET} when the vault does not have it
   */
  public void unset(VaultLocation location, SecretId id) {
    boolean present = vaults.peek(location).map(vault -> vault.ids().contains(id)).orElse(false);
    if (!present
        || !vaults.change(
            location,
            "unset a secret of machine " + location.machine(),
            vault -> vault.unset(id))) {
      throw Failure.of(
          FailureCode.NO_SUCH_SECRET, "Machine " + location.machine() + " has no secret " + id);
    }
  }
}
