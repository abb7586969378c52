package dev.codchi.machines.secrets.keys;

import java.util.Optional;

/** A person's seal in memory: AES-256-GCM with a key that no one else has. */
final class MemoryProtection implements DataProtection {
  private DataKey account = DataKey.random();

  /** From now on somebody else is signed in. */
  void anotherAccount() {
    account = DataKey.random();
  }

  @Override
  public byte[] seal(byte[] clear, byte[] bound) {
    return Sealed.seal(account, clear, bound).joined();
  }

  @Override
  public Optional<byte[]> open(byte[] sealed, byte[] bound) {
    if (sealed.length < Sealed.NONCE_LENGTH + Sealed.TAG_LENGTH) {
      return Optional.empty();
    }
    return new Sealed(
            java.util.Arrays.copyOf(sealed, Sealed.NONCE_LENGTH),
            java.util.Arrays.copyOfRange(sealed, Sealed.NONCE_LENGTH, sealed.length))
        .open(account, bound);
  }
}
