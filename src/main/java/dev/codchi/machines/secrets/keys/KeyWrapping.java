package dev.codchi.machines.secrets.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The form that all providers share: a header of the provider's own, then the data key sealed with
 * the provider's key. Header, provider and machine are bound by the seal.
 */
final class KeyWrapping {
  private static final int SEALED_LENGTH = Sealed.NONCE_LENGTH + DataKey.LENGTH + Sealed.TAG_LENGTH;

  private final String provider;
  private final int headerLength;

  KeyWrapping(String provider, int headerLength) {
    this.provider = provider;
    this.headerLength = headerLength;
  }

  byte[] wrap(DataKey own, byte[] header, DataKey key, String machine) {
    byte[] sealed = Sealed.seal(own, key.raw(), associated(header, machine)).joined();
    return ByteBuffer.allocate(header.length + sealed.length).put(header).put(sealed).array();
  }

  /** The provider's header; empty when the bytes have another shape. */
  Optional<byte[]> header(byte[] wrapped) {
    return wrapped.length == headerLength + SEALED_LENGTH
        ? Optional.of(Arrays.copyOf(wrapped, headerLength))
        : Optional.empty();
  }

  /** The data key; empty when the provider's key is another one or something was changed. */
  Optional<DataKey> unwrap(DataKey own, byte[] wrapped, String machine) {
    byte[] header = Arrays.copyOf(wrapped, headerLength);
    int ciphertext = headerLength + Sealed.NONCE_LENGTH;
    Sealed sealed =
        new Sealed(
            Arrays.copyOfRange(wrapped, headerLength, ciphertext),
            Arrays.copyOfRange(wrapped, ciphertext, wrapped.length));
    return sealed.open(own, associated(header, machine)).map(DataKey::owning);
  }

  private byte[] associated(byte[] header, String machine) {
    byte[] name = machine.getBytes(StandardCharsets.UTF_8);
    byte[] keeper = ("codchi-data-key " + provider).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(keeper.length + name.length + header.length + 2 * Integer.BYTES)
        .putInt(keeper.length)
        .put(keeper)
        .putInt(name.length)
        .put(name)
        .put(header)
        .array();
  }
}
