package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Keeps data keys by a passphrase: scrypt makes the wrapping key. The header holds what scrypt
 * needs: version, binary logarithm of the cost, block size, parallelisation, and a 128-bit salt.
 */
public final class PassphraseProvider implements KeyProvider {
  /** The provider's word. */
  public static final String ID = "passphrase";

  /** 128 MiB and some tenths of a second, as OWASP recommends for scrypt. */
  static final Scrypt COST = new Scrypt(17, 8, 1);

  private static final byte VERSION = 1;
  private static final int SALT_LENGTH = 16;
  private static final int HEADER_LENGTH = 4 + SALT_LENGTH;
  private static final KeyWrapping FORM = new KeyWrapping(ID, HEADER_LENGTH);

  private final PassphraseSource source;
  private final Scrypt cost;

  /** A provider that asks this source, when called. */
  public PassphraseProvider(PassphraseSource source) {
    this(source, COST);
  }

  PassphraseProvider(PassphraseSource source, Scrypt cost) {
    this.source = source;
    this.cost = cost;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public byte[] wrap(DataKey key, String machine) {
    byte[] salt = new byte[SALT_LENGTH];
    new SecureRandom().nextBytes(salt);
    byte[] header =
        ByteBuffer.allocate(HEADER_LENGTH)
            .put(VERSION)
            .put((byte) cost.logCost())
            .put((byte) cost.blockSize())
            .put((byte) cost.parallelism())
            .put(salt)
            .array();
    try (DataKey own = derive(cost, salt, machine, true)) {
      return FORM.wrap(own, header, key, machine);
    }
  }

  @Override
  public DataKey unwrap(byte[] wrapped, String machine) {
    byte[] header = FORM.header(wrapped).orElseThrow(() -> damaged(machine));
    Scrypt stored = new Scrypt(header[1], header[2], header[3]);
    if (header[0] != VERSION || !stored.isBearable()) {
      throw damaged(machine);
    }
    byte[] salt = Arrays.copyOfRange(header, 4, HEADER_LENGTH);
    try (DataKey own = derive(stored, salt, machine, false)) {
      return FORM.unwrap(own, wrapped, machine).orElseThrow(() -> wrong(machine));
    }
  }

  private DataKey derive(Scrypt with, byte[] salt, String machine, boolean fresh) {
    try (SecretValue passphrase = source.passphrase(machine, fresh)) {
      byte[] bytes = passphrase.bytes();
      try {
        return DataKey.owning(with.derive(bytes, salt, DataKey.LENGTH));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  static Failure wrong(String machine) {
    return Failure.of(
            FailureCode.KEY_WRONG, "The passphrase does not open the secrets of machine " + machine)
        .because("It is another one, or the vault's first lines were changed")
        .next("Try again with the passphrase that sealed them.");
  }

  private static Failure damaged(String machine) {
    return Failure.of(
            FailureCode.VAULT_DAMAGED,
            "The wrapped key in the vault of machine " + machine + " is damaged")
        .because("It is not what the passphrase provider writes");
  }
}
