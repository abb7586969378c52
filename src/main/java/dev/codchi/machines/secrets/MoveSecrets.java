package dev.codchi.machines.secrets;

import jakarta.enterprise.context.ApplicationScoped;

/** What becomes of secrets when machines are renamed, duplicated and deleted. */
@ApplicationScoped
public class MoveSecrets {
  private final Vaults vaults;

  /** Moves secrets between these vaults. */
  public MoveSecrets(Vaults vaults) {
    this.vaults = vaults;
  }

  /**
   * Gives a machine a copy of another one's secrets, sealed for it with a key of its own; replaces
   * what it had. Tells whether there was anything. Idempotent. A rename is this and {@link
   * #delete}.
   */
  public boolean copy(VaultLocation from, VaultLocation to) {
    return vaults.copy(from, to);
  }

  /** Deletes a machine's secrets. Idempotent. */
  public void delete(VaultLocation location) {
    vaults.delete(location);
  }
}
