package dev.codchi.machines.secrets.keys;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A provider's own key with the random identifier by which it is found again.
 *
 * @param id 128 bits as 32 lower-case hexadecimal digits; no secret
 * @param key the key; closing this closes it
 */
public record IdentifiedKey(String id, DataKey key) implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int ID_LENGTH = 16;

  /** A fresh key with a fresh identifier. */
  public static IdentifiedKey random() {
    byte[] id = new byte[ID_LENGTH];
    new SecureRandom().nextBytes(id);
    return new IdentifiedKey(HexFormat.of().formatHex(id), DataKey.random());
  }

  /** Whether a text has the shape of an identifier. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  @Override
  public void close() {
    key.close();
  }
}
