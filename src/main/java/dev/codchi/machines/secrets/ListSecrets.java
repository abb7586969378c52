package dev.codchi.machines.secrets;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lists secrets, declared or set, without opening the vault: no key is asked for. */
@ApplicationScoped
public class ListSecrets {
  private final Vaults vaults;

  /** Lists what these vaults hold. */
  public ListSecrets(Vaults vaults) {
    this.vaults = vaults;
  }

  /**
   * All secrets of a machine: the declared ones in their order, then those that are only set.
   *
   * @param declarations what the machine's configuration declares; empty when it was never built
   */
  public List<SecretStatus> list(VaultLocation location, List<SecretDeclaration> declarations) {
    Optional<SealedVault> vault = vaults.peek(location);
    Function<SecretId, SecretStatus> undeclared =
        id -> new SecretStatus(id, Optional.empty(), vault.flatMap(sealed -> sealed.changed(id)));
    SortedMap<SecretId, SecretStatus> rest =
        vault.map(SealedVault::ids).orElse(List.of()).stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), undeclared, (first, second) -> first, TreeMap::new));
    List<SecretStatus> all = new ArrayList<>();
    for (SecretDeclaration declaration : declarations) {
      rest.remove(declaration.id());
      all.add(
          new SecretStatus(
              declaration.id(),
              Optional.of(declaration),
              vault.flatMap(sealed -> sealed.changed(declaration.id()))));
    }
    rest.entrySet().stream().map(Map.Entry::getValue).forEach(all::add);
    return all;
  }
}
