package dev.codchi.machines.secrets.keys;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The scrypt function of RFC 7914: a key from a passphrase, made costly in memory as well as in
 * time.
 *
 * @param logCost binary logarithm of the cost N; the memory is {@code 128 * r * N} bytes
 * @param blockSize the block size r
 * @param parallelism the parallelisation p, computed one after the other
 */
record Scrypt(int logCost, int blockSize, int parallelism) {
  private static final long MOST_MEMORY = 1L << 30;
  private static final int MOST_PARALLELISM = 16;

  /** Whether this costs what a computer of today can give: at most 1 GiB, sixteen times. */
  boolean isBearable() {
    return logCost >= 1
        && logCost < 31
        && blockSize >= 1
        && blockSize <= 64
        && parallelism >= 1
        && parallelism <= MOST_PARALLELISM
        && ((128L * blockSize) << logCost) <= MOST_MEMORY;
  }

  /** Derives {@code length} bytes. The passphrase is left as it is. */
  byte[] derive(byte[] passphrase, byte[] salt, int length) {
    if (!isBearable()) {
      throw new IllegalArgumentException("scrypt parameters out of bounds: " + this);
    }
    Mac mac = hmac(passphrase);
    int blockBytes = 128 * blockSize;
    byte[] blocks = pbkdf2(mac, salt, parallelism * blockBytes);
    int[] block = new int[32 * blockSize];
    int[] table = new int[block.length << logCost];
    try {
      for (int i = 0; i < parallelism; i++) {
        load(blocks, i * blockBytes, block);
        mix(block, table);
        store(block, blocks, i * blockBytes);
      }
      return pbkdf2(mac, blocks, length);
    } finally {
      Arrays.fill(table, 0);
      Arrays.fill(block, 0);
      Arrays.fill(blocks, (byte) 0);
    }
  }

  /** scryptROMix: fills the table with a chain of blocks, then walks through it by its content. */
  private void mix(int[] block, int[] table) {
    int words = block.length;
    int count = 1 << logCost;
    int[] spare = new int[words];
    for (int i = 0; i < count; i++) {
      System.arraycopy(block, 0, table, i * words, words);
      mixBlock(block, spare);
    }
    for (int i = 0; i < count; i++) {
      int offset = (block[words - 16] & (count - 1)) * words;
      for (int k = 0; k < words; k++) {
        block[k] ^= table[offset + k];
      }
      mixBlock(block, spare);
    }
  }

  /** scryptBlockMix: every 64 bytes through Salsa20/8; even results first, then odd ones. */
  private void mixBlock(int[] block, int[] spare) {
    int[] x = new int[16];
    System.arraycopy(block, block.length - 16, x, 0, 16);
    for (int i = 0; i < 2 * blockSize; i++) {
      for (int k = 0; k < 16; k++) {
        x[k] ^= block[i * 16 + k];
      }
      salsa(x);
      int place = i / 2 + (i % 2) * blockSize;
      System.arraycopy(x, 0, spare, place * 16, 16);
    }
    System.arraycopy(spare, 0, block, 0, block.length);
  }

  /**
   * The Salsa20/8 core: four double rounds over a 4x4 matrix, columns then rows, then the input
   * added. Written out in local variables, which is several times as fast as an array; scrypt calls
   * it millions of times.
   */
  private static void salsa(int[] matrix) {
    int x0 = matrix[0];
    int x1 = matrix[1];
    int x2 = matrix[2];
    int x3 = matrix[3];
    int x4 = matrix[4];
    int x5 = matrix[5];
    int x6 = matrix[6];
    int x7 = matrix[7];
    int x8 = matrix[8];
    int x9 = matrix[9];
    int x10 = matrix[10];
    int x11 = matrix[11];
    int x12 = matrix[12];
    int x13 = matrix[13];
    int x14 = matrix[14];
    int x15 = matrix[15];
    for (int round = 0; round < 8; round += 2) {
      x4 ^= Integer.rotateLeft(x0 + x12, 7);
      x8 ^= Integer.rotateLeft(x4 + x0, 9);
      x12 ^= Integer.rotateLeft(x8 + x4, 13);
      x0 ^= Integer.rotateLeft(x12 + x8, 18);
      x9 ^= Integer.rotateLeft(x5 + x1, 7);
      x13 ^= Integer.rotateLeft(x9 + x5, 9);
      x1 ^= Integer.rotateLeft(x13 + x9, 13);
      x5 ^= Integer.rotateLeft(x1 + x13, 18);
      x14 ^= Integer.rotateLeft(x10 + x6, 7);
      x2 ^= Integer.rotateLeft(x14 + x10, 9);
      x6 ^= Integer.rotateLeft(x2 + x14, 13);
      x10 ^= Integer.rotateLeft(x6 + x2, 18);
      x3 ^= Integer.rotateLeft(x15 + x11, 7);
      x7 ^= Integer.rotateLeft(x3 + x15, 9);
      x11 ^= Integer.rotateLeft(x7 + x3, 13);
      x15 ^= Integer.rotateLeft(x11 + x7, 18);
      x1 ^= Integer.rotateLeft(x0 + x3, 7);
      x2 ^= Integer.rotateLeft(x1 + x0, 9);
      x3 ^= Integer.rotateLeft(x2 + x1, 13);
      x0 ^= Integer.rotateLeft(x3 + x2, 18);
      x6 ^= Integer.rotateLeft(x5 + x4, 7);
      x7 ^= Integer.rotateLeft(x6 + x5, 9);
      x4 ^= Integer.rotateLeft(x7 + x6, 13);
      x5 ^= Integer.rotateLeft(x4 + x7, 18);
      x11 ^= Integer.rotateLeft(x10 + x9, 7);
      x8 ^= Integer.rotateLeft(x11 + x10, 9);
      x9 ^= Integer.rotateLeft(x8 + x11, 13);
      x10 ^= Integer.rotateLeft(x9 + x8, 18);
      x12 ^= Integer.rotateLeft(x15 + x14, 7);
      x13 ^= Integer.rotateLeft(x12 + x15, 9);
      x14 ^= Integer.rotateLeft(x13 + x12, 13);
      x15 ^= Integer.rotateLeft(x14 + x13, 18);
    }
    matrix[0] += x0;
    matrix[1] += x1;
    matrix[2] += x2;
    matrix[3] += x3;
    matrix[4] += x4;
    matrix[5] += x5;
    matrix[6] += x6;
    matrix[7] += x7;
    matrix[8] += x8;
    matrix[9] += x9;
    matrix[10] += x10;
    matrix[11] += x11;
    matrix[12] += x12;
    matrix[13] += x13;
    matrix[14] += x14;
    matrix[15] += x15;
  }

  private static void load(byte[] bytes, int offset, int[] words) {
    for (int i = 0; i < words.length; i++) {
      int at = offset + 4 * i;
      words[i] =
          (bytes[at] & 0xff)
              | (bytes[at + 1] & 0xff) << 8
              | (bytes[at + 2] & 0xff) << 16
              | bytes[at + 3] << 24;
    }
  }

  private static void store(int[] words, byte[] bytes, int offset) {
    for (int i = 0; i < words.length; i++) {
      for (int k = 0; k < 4; k++) {
        bytes[offset + 4 * i + k] = (byte) (words[i] >>> (8 * k));
      }
    }
  }

  /** PBKDF2-HMAC-SHA-256 with one iteration, as scrypt uses it. */
  private static byte[] pbkdf2(Mac mac, byte[] salt, int length) {
    byte[] derived = new byte[length];
    int done = 0;
    for (int index = 1; done < length; index++) {
      mac.update(salt);
      byte[] block =
          mac.doFinal(
              new byte[] {
                (byte) (index >>> 24), (byte) (index >>> 16), (byte) (index >>> 8), (byte) index
              });
      int part = Math.min(block.length, length - done);
      System.arraycopy(block, 0, derived, done, part);
      done += part;
    }
    return derived;
  }

  private static Mac hmac(byte[] passphrase) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // HMAC fills keys up with zeros, so one zero is the empty key, which Java refuses.
      byte[] key = passphrase.length == 0 ? new byte[1] : passphrase;
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("HMAC-SHA-256 is missing from this program", broken);
    }
  }
}
