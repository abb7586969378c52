package dev.codchi.machines.secrets;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the tokens that open a machine's repositories. */
@ApplicationScoped
public class CollectTokens {
  private final Vaults vaults;

  /** Collects from these vaults. */
  public CollectTokens(Vaults vaults) {
    this.vaults = vaults;
  }

  /**
   * All tokens of a machine, to be closed by the caller. The vault's key is asked for only where
   * there are some.
   *
   * @throws dev.codchi.failure.Failure what the vault or its key's keeper report
   */
  public CollectedSecrets collect(VaultLocation location) {
    List<SecretId> tokens =
        vaults.peek(location).map(SealedVault::ids).orElse(List.of()).stream()
            .filter(id -> id.kind() == SecretKind.TOKEN)
            .toList();
    if (tokens.isEmpty()) {
      return new CollectedSecrets(Map.of());
    }
    return vaults
        .read(
            location,
            vault -> {
              Map<SecretId, SecretValue> found = new LinkedHashMap<>();
              tokens.forEach(id -> vault.get(id).ifPresent(value -> found.put(id, value)));
              return new CollectedSecrets(found);
            })
        .orElseGet(() -> new CollectedSecrets(Map.of()));
  }
}
