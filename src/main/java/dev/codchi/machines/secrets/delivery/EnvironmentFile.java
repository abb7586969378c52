package dev.codchi.machines.secrets.delivery;

import dev.codchi.machines.secrets.SecretValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A file of {@code NAME='value'} lines that every POSIX shell reads with {@code .} and systemd
 * reads with {@code EnvironmentFile=}, both to the same bytes. A quote inside a value is written as
 * {@code '"'"'}: systemd knows single quotes, double quotes and their joining, but no backslash
 * between two quoted parts. There is no {@code export}, which systemd does not know; shells export
 * with {@code set -a}.
 *
 * <p>Shells take any bytes but NUL. systemd, as of version 257, drops values that are not UTF-8 or
 * have control characters other than tab and line feed, and rejects a whole file for the former;
 * {@link #isReadableBySystemd} tells.
 */
public final class EnvironmentFile {
  private EnvironmentFile() {}

  /**
   * Renders variables.
   *
   * @param variables names that shells know, with values that an environment can hold; the values
   *     stay the caller's
   * @return the file's bytes, to be wiped by the caller
   */
  public static byte[] render(Map<String, SecretValue> variables) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    variables.forEach((name, value) -> {
      byte[] bytes = value.bytes();
      out.writeBytes((name + "=").getBytes(StandardCharsets.US_ASCII));
      quote(bytes, out);
      out.write('\n');
      Arrays.fill(bytes, (byte) 0);
    });
    return out.toByteArray();
  }

  /** Whether systemd reads a value as it is. */
  public static boolean isReadableBySystemd(SecretValue value) {
    byte[] bytes = value.bytes();
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
    Arrays.fill(bytes, (byte) 0);
    return utf8 && text.codePoints().allMatch(EnvironmentFile::isAcceptable);
  }

  private static boolean isAcceptable(int point) {
    boolean control = (point < ' ' && point != '\t' && point != '\n') || point == 0x7f;
    boolean noCharacter = (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
    return !control && !noCharacter;
  }

  private static void quote(byte[] value, ByteArrayOutputStream out) {
    out.write('\'');
    for (byte each : value) {
      if (each == '\'') {
        out.writeBytes("'\"'\"'".getBytes(StandardCharsets.US_ASCII));
      } else {
        out.write(each);
      }
    }
    out.write('\'');
  }
}
