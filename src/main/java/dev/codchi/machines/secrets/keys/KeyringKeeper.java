package dev.codchi.machines.secrets.keys;

import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;

/** On Linux the keyring of the desktop keeps keys. */
@ApplicationScoped
@IfBuildProfile("linux")
public class KeyringKeeper implements SystemKeeper {
  private final Keyring keyring;

  /** Keeps keys in this keyring. */
  public KeyringKeeper(Keyring keyring) {
    this.keyring = keyring;
  }

  @Override
  public String id() {
    return StoredKeyProvider.KEYRING;
  }

  @Override
  public boolean isReachable() {
    return keyring.isReachable();
  }

  @Override
  public KeyProvider provider() {
    return new StoredKeyProvider(StoredKeyProvider.KEYRING, keyring);
  }
}
