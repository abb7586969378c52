package dev.codchi.machines.secrets;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * How a secret is made where nobody needs to supply it.
 *
 * @param format which characters it has
 * @param length how many characters, {@link #SHORTEST} to {@link #LONGEST}
 */
public record SecretGenerator(Format format, int length) {
  /** Fewest characters; even hexadecimal digits then have 32 bits. */
  public static final int SHORTEST = 8;

  /** Most characters. */
  public static final int LONGEST = 1024;

  /** Which characters a made secret has, each as likely as the others. */
  public enum Format {
    /** {@code 0-9a-f}. */
    HEX("0123456789abcdef"),
    /** {@code A-Za-z0-9+/}. */
    BASE64("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
    /** {@code A-Za-z0-9}. */
    ALPHANUMERIC("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private final String alphabet;

    Format(String alphabet) {
      this.alphabet = alphabet;
    }

    static Optional<Format> ofWord(String word) {
      for (Format format : values()) {
        if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
          return Optional.of(format);
        }
      }
      return Optional.empty();
    }
  }

  /** Checks the length. */
  public SecretGenerator {
    if (length < SHORTEST || length > LONGEST) {
      throw new IllegalArgumentException("a secret of " + length + " characters");
    }
  }

  /** A fresh random value, to be closed by the caller. */
  public SecretValue generate() {
    SecureRandom random = new SecureRandom();
    byte[] characters = new byte[length];
    for (int i = 0; i < length; i++) {
      characters[i] = (byte) format.alphabet.charAt(random.nextInt(format.alphabet.length()));
    }
    return SecretValue.owning(characters);
  }
}
