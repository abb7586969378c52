package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;

/**
 * Somebody who can keep a vault's data key: it makes a wrapped form that is stored in the vault and
 * that nobody else can open. Providers may talk to other programs and to the person at the
 * computer; they do so when called, not when created.
 */
public interface KeyProvider {
  /** The word that names the provider in vaults and settings; never changes. */
  String id();

  /**
   * Wraps a data key. Creates the provider's own key when it has none yet.
   *
   * @param machine whose vault the key opens; unwrapping needs the same
   * @return bytes that may be stored in the open, at most {@link #LONGEST_WRAPPED}
   * @throws Failure when the provider is absent, locked, or not answered
   */
  byte[] wrap(DataKey key, String machine);

  /**
   * Unwraps a data key.
   *
   * @return the key, to be closed by the caller
   * @throws Failure {@code KEY_WRONG} or {@code KEY_LOST} when this provider did not wrap it or has
   *     lost its own key; otherwise as in {@link #wrap}
   */
  DataKey unwrap(byte[] wrapped, String machine);

  /** Most bytes of a wrapped key. */
  int LONGEST_WRAPPED = 4096;
}
