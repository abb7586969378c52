package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import java.util.Optional;

/**
 * A place that keeps keys by their identifiers: a keyring, a file. Never replaces or removes a key
 * unless told to, so two processes that both find none make two, and both stay valid.
 *
 * <p>A key is renewed in two steps, so that there is no moment without the key of some vault:
 * {@link #renew} keeps a new one beside the old ones, {@link #retire} removes those once nothing
 * needs them. Whoever was killed in between begins with {@link #renew} again.
 */
public interface KeyStore {
  /**
   * The key to wrap new data keys with: the newest that is there, or a fresh one, kept before it is
   * returned.
   *
   * @throws Failure when the place is absent, locked or unsafe
   */
  IdentifiedKey current();

  /**
   * The key with this identifier; empty when the place is open and does not have it.
   *
   * @throws Failure when the place is absent, locked or unsafe
   */
  Optional<DataKey> find(String id);

  /**
   * Makes a fresh key that {@link #current} returns from now on; all others can still be found.
   * Where there is room for one new key only, an unfinished renewal is gone on with: its key is it.
   *
   * @throws Failure when the place is absent, locked or unsafe, or takes no key
   */
  void renew();

  /**
   * Removes all keys but the one that {@link #current} returns. Idempotent.
   *
   * @throws Failure when the place is absent, locked or unsafe, or does not let go of a key
   */
  void retire();

  /** What the place is, for messages, for example {@code the keyring}. */
  String description();
}
