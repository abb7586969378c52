package dev.codchi.machines.secrets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code NAME=VALUE} lines as dotenv files and simple shell files have them: comments, {@code
 * export}, single quotes (as they are), double quotes (backslash escapes, line breaks), and quoted
 * parts side by side. Nothing is expanded: a {@code $} is a {@code $}.
 */
final class DotenvReader {
  private final byte[] text;
  private int at;
  private int line = 1;

  DotenvReader(byte[] text) {
    this.text = text;
  }

  Map<SecretId, SecretValue> read() {
    Map<SecretId, SecretValue> values = new LinkedHashMap<>();
    while (skipToEntry()) {
      int start = line;
      String name = name();
      SecretId id = SecretId.env(name);
      SecretValue value = SecretValue.owning(value());
      if (values.putIfAbsent(id, value) != null) {
        throw ImportSecrets.bad("line " + start + " sets " + name + " again");
      }
    }
    return values;
  }

  private boolean skipToEntry() {
    while (at < text.length) {
      int each = text[at];
      if (each == '#') {
        skipLine();
      } else if (isBlank(each) || each == '\n') {
        next();
      } else {
        return true;
      }
    }
    return false;
  }

  private String name() {
    int start = at;
    while (at < text.length && text[at] != '=' && text[at] != '\n') {
      at++;
    }
    if (at == text.length || text[at] != '=') {
      throw ImportSecrets.bad("line " + line + " has no '='");
    }
    String name = new String(text, start, at - start, StandardCharsets.ISO_8859_1).strip();
    at++;
    return name.matches("export\\s.*") ? name.substring("export".length()).strip() : name;
  }

  private byte[] value() {
    int start = line;
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    int keep = 0;
    while (at < text.length && text[at] != '\n') {
      int each = next();
      if (each == '\'') {
        single(value, start);
        keep = value.size();
      } else if (each == '"') {
        doubled(value, start);
        keep = value.size();
      } else if (each == '#' && blankBefore()) {
        skipLine();
      } else if (!isBlank(each)) {
        value.write(each == '\\' && at < text.length && text[at] != '\n' ? next() : each);
        keep = value.size();
      } else if (value.size() > 0) {
        value.write(each);
      }
    }
    return Arrays.copyOf(value.toByteArray(), keep);
  }

  private boolean blankBefore() {
    return at >= 2 && isBlank(text[at - 2]);
  }

  private void single(ByteArrayOutputStream value, int start) {
    while (at < text.length) {
      int each = next();
      if (each == '\'') {
        return;
      }
      value.write(each);
    }
    throw ImportSecrets.bad("the quote that line " + start + " opens is not closed");
  }

  private void doubled(ByteArrayOutputStream value, int start) {
    while (at < text.length) {
      int each = next();
      if (each == '"') {
        return;
      }
      if (each == '\\' && at < text.length) {
        int escaped = next();
        switch (escaped) {
          case 'n' -> value.write('\n');
          case 'r' -> value.write('\r');
          case 't' -> value.write('\t');
          case '"', '\\', '$', '`', '\'' -> value.write(escaped);
          default -> {
            value.write('\\');
            value.write(escaped);
          }
        }
      } else {
        value.write(each);
      }
    }
    throw ImportSecrets.bad("the quote that line " + start + " opens is not closed");
  }

  private void skipLine() {
    while (at < text.length && text[at] != '\n') {
      at++;
    }
  }

  private int next() {
    int each = text[at++];
    if (each == '\n') {
      line++;
    }
    return each;
  }

  private static boolean isBlank(int each) {
    return each == ' ' || each == '\t' || each == '\r';
  }
}
