package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The replacement of a passphrase. A passphrase that opened one vault is tried for the next ones,
 * so that a person is asked once; after an interruption some vaults have the new one already.
 */
final class PassphraseRenewal implements KeyRenewal, KeyProvider {
  private final PassphraseSource present;
  private final PassphraseSource fresh;
  private final Scrypt cost;
  private final List<SecretValue> known = new ArrayList<>();
  private final List<SecretValue> opening = new ArrayList<>();
  private final boolean asks;
  private @Nullable SecretValue chosen;

  /** Asks one source for what vaults have, another one for what they get. */
  PassphraseRenewal(PassphraseSource present, PassphraseSource fresh, Scrypt cost) {
    this.present = present;
    this.fresh = fresh;
    this.cost = cost;
    this.asks = true;
  }

  /** Asks nobody. The given passphrases are copied. */
  PassphraseRenewal(GivenPassphrases given, Scrypt cost) {
    this.present = (machine, isFresh) -> copy(given.present());
    this.fresh = (machine, isFresh) -> copy(given.fresh());
    this.cost = cost;
    this.asks = false;
    known.add(copy(given.present()));
    known.add(copy(given.fresh()));
  }

  @Override
  public KeyProvider provider() {
    return this;
  }

  @Override
  public String id() {
    return PassphraseProvider.ID;
  }

  @Override
  public DataKey unwrap(byte[] wrapped, String vaultOf) {
    for (SecretValue each : known) {
      Optional<DataKey> key = unwrap(wrapped, vaultOf, each);
      if (key.isPresent()) {
        return key.get();
      }
    }
    if (!asks) {
      throw PassphraseProvider.wrong(vaultOf);
    }
    SecretValue answer = present.passphrase(vaultOf, false);
    known.add(answer);
    return unwrap(wrapped, vaultOf, answer).orElseThrow(() -> PassphraseProvider.wrong(vaultOf));
  }

  /**
   * @throws Failure {@code BAD_USAGE} when the new passphrase opens all vaults already; {@code
   *     NEEDS_ANSWER} when nobody can be asked
   */
  @Override
  public void begin() {
    SecretValue wanted = askForNew();
    chosen = wanted;
    if (opening.stream().allMatch(wanted::equals)) {
      throw Failure.of(FailureCode.BAD_USAGE, "the new passphrase is the present one")
          .because("Nothing would be renewed")
          .next("Choose another one. Nothing was changed.");
    }
  }

  private SecretValue askForNew() {
    try {
      return fresh.passphrase("all machines", true);
    } catch (Failure failed) {
      throw failed.code() == FailureCode.NEEDS_ANSWER
          ? failed.next("Pipe the present passphrase and the new one in, as two lines: --stdin.")
          : failed;
    }
  }

  @Override
  public byte[] wrap(DataKey key, String vaultOf) {
    SecretValue wanted = chosen;
    if (wanted == null) {
      throw new IllegalStateException("there is no new passphrase yet");
    }
    return new PassphraseProvider((asked, isFresh) -> copy(wanted), cost).wrap(key, vaultOf);
  }

  @Override
  public void finish() {
    // The old passphrase is nowhere but in somebody's head, or in a file of theirs.
  }

  @Override
  public void close() {
    known.forEach(SecretValue::close);
    SecretValue wanted = chosen;
    if (wanted != null) {
      wanted.close();
    }
  }

  private Optional<DataKey> unwrap(byte[] wrapped, String vaultOf, SecretValue passphrase) {
    try {
      DataKey key =
          new PassphraseProvider((asked, isFresh) -> copy(passphrase), cost)
              .unwrap(wrapped, vaultOf);
      opening.add(passphrase);
      return Optional.of(key);
    } catch (Failure failed) {
      if (failed.code() == FailureCode.KEY_WRONG) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  private static SecretValue copy(SecretValue value) {
    return SecretValue.owning(value.bytes());
  }
}
