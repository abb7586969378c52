package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A secret's value. It never shows itself in text, and its bytes are overwritten when it is closed;
 * copies that the garbage collector or the operating system made before are out of reach.
 */
public final class SecretValue implements AutoCloseable {
  /** Longest value, in bytes. */
  public static final int LONGEST = 1 << 20;

  /** Linux refuses to start programs with a longer {@code NAME=VALUE}, its final NUL included. */
  static final int LONGEST_ASSIGNMENT = 128 * 1024;

  private final byte[] bytes;
  private boolean closed;

  private SecretValue(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A value of these bytes. They are copied; wiping the original is up to the caller. */
  public static SecretValue copyOf(byte[] bytes) {
    return new SecretValue(bytes.clone());
  }

  /** A value of these bytes, which are taken over: they are wiped when the value is closed. */
  public static SecretValue owning(byte[] bytes) {
    return new SecretValue(bytes);
  }

  /** The UTF-8 form of what a person typed. The characters are wiped at once. */
  public static SecretValue wiping(char[] typed) {
    CharsetEncoder encoder =
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    byte[] room = new byte[(int) Math.ceil(typed.length * (double) encoder.maxBytesPerChar())];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    encoder.encode(CharBuffer.wrap(typed), encoded, true);
    byte[] bytes = Arrays.copyOf(room, encoded.position());
    Arrays.fill(room, (byte) 0);
    Arrays.fill(typed, '\0');
    return new SecretValue(bytes);
  }

  /** The UTF-8 form of a text. The text itself cannot be wiped: not for real values. */
  public static SecretValue ofText(String text) {
    return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A copy of the bytes, to be wiped by the caller.
   *
   * @throws IllegalStateException when the value was closed
   */
  public byte[] bytes() {
    requireOpen();
    return bytes.clone();
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  /**
   * Another value without one line break at the end, as programs and editors leave one; this value
   * is closed.
   */
  public SecretValue withoutFinalLineBreak() {
    requireOpen();
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
      if (end > 0 && bytes[end - 1] == '\r') {
        end--;
      }
    }
    SecretValue shorter = new SecretValue(Arrays.copyOf(bytes, end));
    close();
    return shorter;
  }

  /**
   * Fails when the value cannot be what its name says.
   *
   * @throws Failure {@code SECRET_VALUE}; its text holds the length at most, never the value
   */
  public void requireFit(SecretId id) {
    requireOpen();
    if (bytes.length > LONGEST) {
      throw unfit(id, "It is longer than 1 MiB (" + bytes.length + " bytes)")
          .next("Keep it outside of codchi's secrets.");
    }
    if (id.kind() == SecretKind.FILE) {
      return;
    }
    for (byte each : bytes) {
      if (each == 0) {
        throw unfit(id, "It contains a NUL byte, which no environment variable can hold");
      }
    }
    if (SecretId.VARIABLE_PREFIX.length() + id.name().length() + 2 + bytes.length
        > LONGEST_ASSIGNMENT) {
      throw unfit(
          id,
          "It has " + bytes.length + " bytes; Linux allows 128 KiB for a variable with its name");
    }
    if (id.kind() == SecretKind.TOKEN) {
      requireToken(id);
    }
  }

  /** Tokens travel in one line of a configuration file and in HTTP headers. */
  private void requireToken(SecretId id) {
    for (byte each : bytes) {
      if (each <= ' ' || each > '~') {
        throw unfit(id, "A token has no spaces, line breaks or characters outside of ASCII")
            .next("Copy the token again from the page that showed it.");
      }
    }
    if (bytes.length == 0) {
      throw unfit(id, "It is empty").next("Copy the token again from the page that showed it.");
    }
  }

  private static Failure unfit(SecretId id, String reason) {
    return Failure.of(FailureCode.SECRET_VALUE, "The value cannot be used for " + id)
        .because(reason);
  }

  /** Compares in a time that tells nothing about the values but their lengths. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SecretValue value && MessageDigest.isEqual(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.length;
  }

  /** Never the value. */
  @Override
  public String toString() {
    return "[secret]";
  }

  /** Overwrites the bytes. Idempotent. */
  @Override
  public void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the secret was closed");
    }
  }
}
