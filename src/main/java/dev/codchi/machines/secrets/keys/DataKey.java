package dev.codchi.machines.secrets.keys;

import java.security.SecureRandom;
import java.util.Arrays;

/** A 256-bit key that is overwritten when closed and never shows itself. */
public final class DataKey implements AutoCloseable {
  /** Length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private DataKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A fresh key from the operating system's random numbers. */
  public static DataKey random() {
    byte[] bytes = new byte[LENGTH];
    new SecureRandom().nextBytes(bytes);
    return new DataKey(bytes);
  }

  /**
   * A key of these bytes, which are taken over.
   *
   * @throws IllegalArgumentException when they are not {@link #LENGTH} bytes
   */
  public static DataKey owning(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a key has " + LENGTH + " bytes, not " + bytes.length);
    }
    return new DataKey(bytes);
  }

  /** The bytes themselves, not a copy. */
  byte[] raw() {
    return bytes;
  }

  /** A copy of the bytes, to be wiped by the caller. */
  public byte[] copy() {
    return bytes.clone();
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "[key]";
  }

  /** Overwrites the bytes. Idempotent. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }
}
