package dev.codchi.hostintegration.desktop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A desktop entry file as it was found: groups of keys, in their order (Desktop Entry Specification
 * 1.5, "Basic format of the file"). Lines that are none of a group, a key or a comment are ignored,
 * since entries come from all over the world.
 *
 * @param groups values as they are written, by group and key
 */
record DesktopEntry(Map<String, Map<String, String>> groups) {
  /** The group that every entry has. */
  static final String MAIN = "Desktop Entry";

  /** Reads a file's text. Of keys and groups that are there twice the first counts. */
  static DesktopEntry parse(String text) {
    Map<String, Map<String, String>> groups = new LinkedHashMap<>();
    Map<String, String> current = new LinkedHashMap<>();
    for (String line : text.split("\r?\n|\r", -1)) {
      String stripped = line.strip();
      int equals = stripped.indexOf('=');
      if (stripped.startsWith("[") && stripped.endsWith("]")) {
        current = new LinkedHashMap<>();
        groups.putIfAbsent(stripped.substring(1, stripped.length() - 1), current);
      } else if (equals > 0 && !stripped.startsWith("#")) {
        current.putIfAbsent(
            stripped.substring(0, equals).strip(), stripped.substring(equals + 1).strip());
      }
    }
    return new DesktopEntry(groups);
  }

  /** The keys of a group as they are written; none when there is no such group. */
  Map<String, String> group(String name) {
    return groups.getOrDefault(name, Map.of());
  }

  /** A value of the main group without its escapes; none when it is missing or empty. */
  Optional<String> text(String key) {
    return text(MAIN, key);
  }

  /** A value of a group without its escapes; none when it is missing or empty. */
  Optional<String> text(String group, String key) {
    return Optional.ofNullable(group(group).get(key))
        .map(DesktopEntry::unescape)
        .filter(value -> !value.isBlank());
  }

  /** Whether a key of the main group is {@code true}. */
  boolean is(String key) {
    return text(key).filter("true"::equals).isPresent();
  }

  /** The value that was written with escapes; what is no escape stays as it is. */
  static String unescape(String written) {
    StringBuilder value = new StringBuilder(written.length());
    for (int at = 0; at < written.length(); at++) {
      char character = written.charAt(at);
      if (character != '\\' || at + 1 == written.length()) {
        value.append(character);
        continue;
      }
      char next = written.charAt(++at);
      switch (next) {
        case 's' -> value.append(' ');
        case 'n' -> value.append('\n');
        case 't' -> value.append('\t');
        case 'r' -> value.append('\r');
        case '\\' -> value.append('\\');
        default -> value.append('\\').append(next);
      }
    }
    return value.toString();
  }

  /** A value as it is written in a file. */
  static String escape(String value) {
    String escaped =
        value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
    return escaped.startsWith(" ") ? "\\s" + escaped.substring(1) : escaped;
  }
}
