package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import java.util.Optional;

/**
 * A place that keeps keys by their identifiers: a keyring, a file. Never replaces or removes a key
 * on its own, so two processes that both find none make two, and both stay valid.
 */
public interface KeyStore {
  /**
   * The key to wrap new data keys with: one that is there, or a fresh one, kept before it is
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

  /** What the place is, for messages, for example {@code the keyring}. */
  String description();
}
