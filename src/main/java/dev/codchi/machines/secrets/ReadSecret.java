package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Reads one secret: from the vault, else from the program that keeps what codchi does not. */
@ApplicationScoped
public class ReadSecret {
  private final Vaults vaults;
  private final ExternalValues external;

  /** Reads from these vaults, then from that program. */
  public ReadSecret(Vaults vaults, ExternalValues external) {
    this.vaults = vaults;
    this.external = external;
  }

  /**
   * The value, to be closed by the caller.
   *
   * @throws Failure {@code NO_SUCH_SECRET} when nobody has it
   */
  public SecretValue read(VaultLocation location, SecretId id) {
    return find(location, id)
        .orElseThrow(() ->
            Failure.of(
                FailureCode.NO_SUCH_SECRET,
                "Machine " + location.machine() + " has no secret " + id));
  }

  /**
   * The value, to be closed by the caller; empty when nobody has it. Tokens are never asked for.
   */
  public Optional<SecretValue> find(VaultLocation location, SecretId id) {
    boolean present = vaults.peek(location).map(vault -> vault.ids().contains(id)).orElse(false);
    if (present) {
      return vaults.read(location, vault -> vault.get(id)).flatMap(value -> value);
    }
    return id.kind() == SecretKind.TOKEN ? Optional.empty() : external.read(location.machine(), id);
  }
}
