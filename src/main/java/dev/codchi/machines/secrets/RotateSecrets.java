package dev.codchi.machines.secrets;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Seals a machine's secrets anew: with a fresh data key, kept by the provider that the settings
 * name now. So this also changes the provider, or the passphrase. The values stay.
 */
@ApplicationScoped
public class RotateSecrets {
  private final Vaults vaults;

  /** Rotates the keys of these vaults. */
  public RotateSecrets(Vaults vaults) {
    this.vaults = vaults;
  }

  /** Rotates; tells whether there was a vault. */
  public boolean rotate(VaultLocation location) {
    return vaults.rotate(location);
  }
}
