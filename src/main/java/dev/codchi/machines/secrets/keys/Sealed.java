package dev.codchi.machines.secrets.keys;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes sealed with AES-256-GCM: a 96-bit nonce, and the ciphertext with its 128-bit tag. Arrays
 * are shared, not copied; nobody writes into them.
 *
 * @param nonce 12 bytes, fresh for every sealing
 * @param ciphertext as long as the plaintext and {@link #TAG_LENGTH} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; bytes as they stand in a file
public record Sealed(byte[] nonce, byte[] ciphertext) {
  /** Length of a nonce in bytes. */
  public static final int NONCE_LENGTH = 12;

  /** Length of the tag at the end of a ciphertext in bytes. */
  public static final int TAG_LENGTH = 16;

  /**
   * Seals bytes.
   *
   * @param associated what the sealed bytes belong to; opening needs the very same
   */
  public static Sealed seal(DataKey key, byte[] plaintext, byte[] associated) {
    byte[] nonce = new byte[NONCE_LENGTH];
    new SecureRandom().nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
      cipher.updateAAD(associated);
      return new Sealed(nonce, cipher.doFinal(plaintext));
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("AES-256-GCM is missing from this program", broken);
    }
  }

  /**
   * The bytes that were sealed, to be wiped by the caller; empty when the key, the associated bytes
   * or anything sealed is not what it was.
   */
  public Optional<byte[]> open(DataKey key, byte[] associated) {
    if (nonce.length != NONCE_LENGTH || ciphertext.length < TAG_LENGTH) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
      cipher.updateAAD(associated);
      return Optional.of(cipher.doFinal(ciphertext));
    } catch (AEADBadTagException tampered) {
      return Optional.empty();
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("AES-256-GCM is missing from this program", broken);
    }
  }

  /** Nonce and ciphertext, one after the other. */
  byte[] joined() {
    byte[] all = Arrays.copyOf(nonce, nonce.length + ciphertext.length);
    System.arraycopy(ciphertext, 0, all, nonce.length, ciphertext.length);
    return all;
  }

  private static Cipher cipher(int mode, DataKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(key.raw(), "AES"),
        new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
    return cipher;
  }
}
