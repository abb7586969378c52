package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a code machine. It becomes a host name, a directory and part of a container's name,
 * so it is what all of those accept: a letter, then letters, digits and single '-', not ending in
 * '-', at most {@value #LONGEST} characters, ASCII.
 *
 * <p>The case is kept as written, but two names that differ only in case are the same machine,
 * because they would be the same directory on Windows: compare {@link #key()}, as {@link #equals}
 * does.
 */
public record MachineName(String value) implements Comparable<MachineName> {
  /** The most characters a name can have; a container's name has at most 63, with its prefix. */
  public static final int LONGEST = 40;

  /** Codchi's own containers and commands' words. */
  private static final Set<String> OWN = Set.of("codchistore", "store");

  /** File names that Windows reserves for devices, in every directory and with every extension. */
  private static final Pattern DEVICE = Pattern.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]");

  /**
   * Checks the rules.
   *
   * @throws Failure {@link FailureCode#BAD_NAME} that says which rule is broken and by what
   */
  public MachineName {
    String broken = firstBrokenRule(value);
    if (broken != null) {
      throw Failure.of(FailureCode.BAD_NAME, "%s is not a machine name".formatted(shown(value)))
          .because(broken);
    }
  }

  /** The name that was written, checked; see the constructor. */
  public static MachineName of(String text) {
    return new MachineName(text);
  }

  /** The name in lower case: equal for names that mean the same machine. */
  public String key() {
    return value.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MachineName name && name.key().equals(key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public int compareTo(MachineName other) {
    return key().compareTo(other.key());
  }

  @Override
  public String toString() {
    return value;
  }

  private static @org.jspecify.annotations.Nullable String firstBrokenRule(String text) {
    if (text.isEmpty()) {
      return "a name has at least one character";
    }
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int character = text.codePointAt(at);
      if (!isLetter(character) && !isDigit(character) && character != '-') {
        return "%s at position %d is not one of a-z, A-Z, 0-9 and '-'"
            .formatted(shown(character), text.codePointCount(0, at) + 1);
      }
    }
    if (!isLetter(text.charAt(0))) {
      return "it starts with '%c', and a name starts with a letter".formatted(text.charAt(0));
    }
    if (text.endsWith("-")) {
      return "it ends with '-', and a name ends with a letter or digit";
    }
    if (text.contains("--")) {
      return "it has '--' at position %d, and '-' stands alone".formatted(text.indexOf("--") + 1);
    }
    if (text.length() > LONGEST) {
      return "it has %d characters, and a name has at most %d".formatted(text.length(), LONGEST);
    }
    String key = text.toLowerCase(Locale.ROOT);
    if (OWN.contains(key)) {
      return "'%s' is reserved for codchi's own container".formatted(key);
    }
    if (DEVICE.matcher(key).matches()) {
      return "'%s' is a device on Windows and cannot be a directory there".formatted(key);
    }
    return null;
  }

  private static boolean isLetter(int character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private static String shown(int character) {
    if (character < ' ' || (character >= 0x7f && character < 0xa0)) {
      return "the control character U+%04X".formatted(character);
    }
    String glyph = Character.toString(character);
    return character == ' '
        ? "a space"
        : character < 0x7f ? "'" + glyph + "'" : "'%s' (U+%04X)".formatted(glyph, character);
  }

  /** The text as it can be printed: no control characters, not endless. */
  private static String shown(String text) {
    StringBuilder printable = new StringBuilder("'");
    text.codePoints()
        .limit(LONGEST + 1L)
        .map(c -> Character.isISOControl(c) ? 0xfffd : c)
        .forEach(printable::appendCodePoint);
    return printable
        .append(text.codePointCount(0, text.length()) > LONGEST + 1 ? "…'" : "'")
        .toString();
  }
}
