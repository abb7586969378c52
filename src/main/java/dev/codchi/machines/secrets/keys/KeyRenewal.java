package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;

/**
 * The replacement of a provider's own key by a new one. In this order: vaults are opened, {@link
 * #begin}, they are all wrapped and written anew, {@link #finish}. It may be given up anywhere, and
 * be done once more from the beginning: whatever is written can be opened.
 */
public interface KeyRenewal extends AutoCloseable {
  /** Unwraps with the old key and the new one; wraps with the new one after {@link #begin}. */
  KeyProvider provider();

  /**
   * Has the new key made.
   *
   * @throws Failure when the provider is absent, locked, or not answered
   */
  void begin();

  /**
   * Removes the old key, which no vault may need any more.
   *
   * @throws Failure when the provider is absent, locked, or does not let go of it
   */
  void finish();

  /** Wipes what it holds. Idempotent. */
  @Override
  void close();
}
