package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keeps data keys by sealing each with the operating system's {@link DataProtection}, bound to this
 * provider and the machine. A wrapped key is a version, then what the operating system made of it.
 */
public final class ProtectedKeyProvider implements KeyProvider {
  /** The word of the provider that Windows' data protection (DPAPI) is behind. */
  public static final String DPAPI = "dpapi";

  private static final byte VERSION = 1;

  private final String id;
  private final DataProtection protection;

  /**
   * A provider over an operating system's protection.
   *
   * @param id the provider's word
   */
  public ProtectedKeyProvider(String id, DataProtection protection) {
    this.id = id;
    this.protection = protection;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] wrap(DataKey key, String machine) {
    byte[] sealed = protection.seal(key.raw(), bound(machine));
    if (sealed.length >= LONGEST_WRAPPED) {
      throw new IllegalStateException("a sealed key of " + sealed.length + " bytes");
    }
    return ByteBuffer.allocate(1 + sealed.length).put(VERSION).put(sealed).array();
  }

  @Override
  public DataKey unwrap(byte[] wrapped, String machine) {
    if (wrapped.length < 2 || wrapped[0] != VERSION) {
      throw damaged(machine);
    }
    byte[] clear =
        protection
            .open(Arrays.copyOfRange(wrapped, 1, wrapped.length), bound(machine))
            .orElseThrow(() -> wrong(machine));
    if (clear.length != DataKey.LENGTH) {
      Arrays.fill(clear, (byte) 0);
      throw damaged(machine);
    }
    return DataKey.owning(clear);
  }

  private byte[] bound(String machine) {
    byte[] keeper = ("codchi-data-key " + id).getBytes(StandardCharsets.UTF_8);
    byte[] name = machine.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(keeper.length + name.length + 2 * Integer.BYTES)
        .putInt(keeper.length)
        .put(keeper)
        .putInt(name.length)
        .put(name)
        .array();
  }

  private static Failure wrong(String machine) {
    return Failure.of(
            FailureCode.KEY_WRONG,
            "Windows does not open the secrets of machine " + machine + " for you")
        .because(
            "They were sealed by another account or on another computer, the account's password was"
                + " reset by somebody else, or the vault was changed")
        .next(
            "Use the account and the computer that sealed them. Otherwise move the vault away and"
                + " set the secrets again; see docs/security.md.");
  }

  private Failure damaged(String machine) {
    return Failure.of(
            FailureCode.VAULT_DAMAGED,
            "The wrapped key in the vault of machine " + machine + " is damaged")
        .because("It is not what the provider '" + id + "' writes");
  }
}
