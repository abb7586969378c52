package dev.codchi.export;

import java.nio.charset.StandardCharsets;

/** Makes headers that no honest program writes. */
final class TarHeaders {
  private TarHeaders() {}

  /** Writes the right checksum into a header that was changed. */
  static void seal(byte[] archive, int at) {
    for (int i = 148; i < 156; i++) {
      archive[at + i] = ' ';
    }
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += archive[at + i] & 0xff;
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, archive, at + 148, digits.length);
  }
}
