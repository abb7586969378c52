package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Sets secrets in a machine's vault, making it where there is none. */
@ApplicationScoped
public class SetSecret {
  private final Vaults vaults;

  /** Sets secrets in these vaults. */
  public SetSecret(Vaults vaults) {
    this.vaults = vaults;
  }

  /**
   * Sets one secret, replacing its value. The value stays the caller's.
   *
   * @throws Failure {@code SECRET_VALUE} when the value cannot be what the name says
   */
  public void set(VaultLocation location, SecretId id, SecretValue value) {
    setAll(location, Map.of(id, value));
  }

  /** Sets several secrets in one step: all of them or none. The values stay the caller's. */
  public void setAll(VaultLocation location, Map<SecretId, SecretValue> values) {
    values.forEach((id, value) -> value.requireFit(id));
    vaults.change(
        location,
        "set secrets of machine " + location.machine(),
        vault -> {
          values.forEach(vault::set);
          return values.size();
        });
  }
}
