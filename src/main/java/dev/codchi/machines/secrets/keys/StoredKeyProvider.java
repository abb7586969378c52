package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Keeps data keys by a wrapping key that a {@link KeyStore} holds. The header names that key:
 * version, then its 128-bit identifier.
 */
public final class StoredKeyProvider implements KeyProvider {
  /** The word of the provider whose key is in the desktop's keyring. */
  public static final String KEYRING = "keyring";

  /** The word of the provider whose key is in a file of the person alone. */
  public static final String KEY_FILE = "keyfile";

  private static final byte VERSION = 1;
  private static final int HEADER_LENGTH = 1 + 16;

  private final String id;
  private final KeyStore store;
  private final KeyWrapping form;

  /**
   * A provider over a store.
   *
   * @param id the provider's word
   */
  public StoredKeyProvider(String id, KeyStore store) {
    this.id = id;
    this.store = store;
    this.form = new KeyWrapping(id, HEADER_LENGTH);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] wrap(DataKey key, String machine) {
    try (IdentifiedKey own = store.current()) {
      byte[] header =
          ByteBuffer.allocate(HEADER_LENGTH)
              .put(VERSION)
              .put(HexFormat.of().parseHex(own.id()))
              .array();
      return form.wrap(own.key(), header, key, machine);
    }
  }

  @Override
  public DataKey unwrap(byte[] wrapped, String machine) {
    byte[] header = form.header(wrapped).orElseThrow(() -> damaged(machine));
    if (header[0] != VERSION) {
      throw damaged(machine);
    }
    String wanted = HexFormat.of().formatHex(Arrays.copyOfRange(header, 1, HEADER_LENGTH));
    try (DataKey own = store.find(wanted).orElseThrow(() -> lost(machine, wanted))) {
      return form.unwrap(own, wrapped, machine).orElseThrow(() -> wrong(machine));
    }
  }

  /** The replacement of the key in the store by a new one. */
  KeyRenewal renewal() {
    return new KeyRenewal() {
      @Override
      public KeyProvider provider() {
        return StoredKeyProvider.this;
      }

      @Override
      public void begin() {
        store.renew();
      }

      @Override
      public void finish() {
        store.retire();
      }

      @Override
      public void close() {
        // The store keeps the keys.
      }
    };
  }

  private Failure lost(String machine, String wanted) {
    return Failure.of(
            FailureCode.KEY_LOST,
            "The key of the secrets of machine " + machine + " is not in " + store.description())
        .because("The vault was sealed with key " + wanted);
  }

  private Failure wrong(String machine) {
    return Failure.of(
            FailureCode.KEY_WRONG,
            "The key in "
                + store.description()
                + " does not open the secrets of machine "
                + machine)
        .because("The key or the vault was changed")
        .next("Restore the vault, or the key, from a backup. See docs/security.md.");
  }

  private Failure damaged(String machine) {
    return Failure.of(
            FailureCode.VAULT_DAMAGED,
            "The wrapped key in the vault of machine " + machine + " is damaged")
        .because("It is not what the provider '" + id + "' writes");
  }
}
