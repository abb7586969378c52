package dev.codchi.machines.secrets.keyring;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hides secrets on their way over the bus, which may be watched: the Secret Service's algorithm
 * {@code dh-ietf1024-sha256-aes128-cbc-pkcs7}. Both sides agree on a number by Diffie-Hellman in
 * the second Oakley group (RFC 2409, section 6.2), HKDF-SHA-256 (RFC 5869) without salt makes an
 * AES-128 key of it. The protocol fixes all of this; it does not prove who the other side is.
 */
final class TransferCipher implements AutoCloseable {
  static final String ALGORITHM = "dh-ietf1024-sha256-aes128-cbc-pkcs7";

  private static final int GROUP_BYTES = 128;
  private static final int KEY_BYTES = 16;

  /** An encrypted secret and the initialisation vector it needs. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Hidden(byte[] parameters, byte[] value) {}

  private final byte[] key;

  private TransferCipher(byte[] key) {
    this.key = key;
  }

  /** One side's half of the agreement. */
  static final class Agreement {
    private final BigInteger secret;

    Agreement() {
      this(new BigInteger(GROUP_BYTES * Byte.SIZE - 2, new SecureRandom()).add(BigInteger.TWO));
    }

    Agreement(BigInteger secret) {
      this.secret = secret;
    }

    /** What the other side is told, as an unsigned big-endian number. */
    byte[] publicKey() {
      return unsigned(BigInteger.TWO.modPow(secret, prime()));
    }

    /**
     * The cipher that both sides share.
     *
     * @throws IllegalArgumentException when the other side's number makes the key a constant
     */
    TransferCipher with(byte[] otherPublicKey) {
      BigInteger other = new BigInteger(1, otherPublicKey);
      BigInteger highest = prime().subtract(BigInteger.TWO);
      if (other.compareTo(BigInteger.TWO) < 0 || other.compareTo(highest) > 0) {
        throw new IllegalArgumentException("the other side's public key is degenerate");
      }
      byte[] shared = unsigned(other.modPow(secret, prime()));
      byte[] derived = hkdf(shared);
      Arrays.fill(shared, (byte) 0);
      return new TransferCipher(derived);
    }
  }

  Hidden hide(byte[] secret) {
    byte[] vector = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(vector);
    try {
      return new Hidden(vector, cipher(Cipher.ENCRYPT_MODE, vector).doFinal(secret));
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("AES-128-CBC is missing from this program", broken);
    }
  }

  /**
   * The secret, to be wiped by the caller.
   *
   * @throws GeneralSecurityException when it was not hidden by the other side
   */
  byte[] reveal(Hidden hidden) throws GeneralSecurityException {
    return cipher(Cipher.DECRYPT_MODE, hidden.parameters()).doFinal(hidden.value());
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  private Cipher cipher(int mode, byte[] vector) throws GeneralSecurityException {
    // The keyring protocol fixes this mode; the bus delivers whole messages or none.
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(vector));
    return cipher;
  }

  /** Extract with 32 zeros for a salt, then the first block of expand, without information. */
  private static byte[] hkdf(byte[] material) {
    byte[] extracted = hmac(new byte[32], material);
    byte[] expanded = hmac(extracted, new byte[] {1});
    byte[] key = Arrays.copyOf(expanded, KEY_BYTES);
    Arrays.fill(extracted, (byte) 0);
    Arrays.fill(expanded, (byte) 0);
    return key;
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("HMAC-SHA-256 is missing from this program", broken);
    }
  }

  /** Always as long as the prime, filled up with zeros in front. */
  private static byte[] unsigned(BigInteger number) {
    byte[] signed = number.toByteArray();
    byte[] fixed = new byte[GROUP_BYTES];
    int length = Math.min(signed.length, GROUP_BYTES);
    System.arraycopy(signed, signed.length - length, fixed, GROUP_BYTES - length, length);
    return fixed;
  }

  private static BigInteger prime() {
    return new BigInteger(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
            + "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
            + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
            + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
        16);
  }
}
