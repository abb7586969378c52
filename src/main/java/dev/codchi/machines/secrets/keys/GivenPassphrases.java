package dev.codchi.machines.secrets.keys;

import dev.codchi.machines.secrets.SecretValue;

/**
 * A passphrase and the one that is to replace it, given beforehand, so that nobody is asked.
 *
 * @param present the one that seals vaults now
 * @param fresh the one that shall
 */
public record GivenPassphrases(SecretValue present, SecretValue fresh) implements AutoCloseable {
  /** Wipes both. Idempotent. */
  @Override
  public void close() {
    present.close();
    fresh.close();
  }
}
