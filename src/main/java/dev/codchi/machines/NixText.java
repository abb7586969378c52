package dev.codchi.machines;

import java.util.Set;
import java.util.regex.Pattern;

/** Text as nix's language writes it. */
final class NixText {
  private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_'-]*");
  private static final Set<String> KEYWORDS =
      Set.of("if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or");

  private NixText() {}

  /** Whether nix reads this as a name without quotes. */
  static boolean isIdentifier(String name) {
    return IDENTIFIER.matcher(name).matches() && !KEYWORDS.contains(name);
  }

  /** One attribute's name, quoted where needed. */
  static String attribute(String name) {
    return isIdentifier(name) ? name : string(name);
  }

  /** A string literal without interpolation. */
  static String string(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      switch (c) {
        case '"', '\\' -> literal.append('\\').append(c);
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        case '\t' -> literal.append("\\t");
        // "$${" would be no interpolation, "\${" never is.
        case '$' -> literal.append(text.startsWith("{", at + 1) ? "\\$" : "$");
        default -> literal.append(c);
      }
    }
    return literal.append('"').toString();
  }
}
