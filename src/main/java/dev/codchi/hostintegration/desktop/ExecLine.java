package dev.codchi.hostintegration.desktop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command of a desktop entry (Desktop Entry Specification 1.5, "The Exec key"): arguments,
 * quotes and field codes. Single quotes are understood, too, because desktops do.
 */
final class ExecLine {
  /** What needs no quotes, according to the list of reserved characters in the specification. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+-]+");

  /** Codes that stand for addresses; the only ones that mean the same in a machine. */
  private static final Pattern ADDRESS = Pattern.compile("%[uU]");

  private ExecLine() {}

  /**
   * The command that starts the same program through another one.
   *
   * @param exec the value of {@code Exec}, without the escapes that all values have
   * @param name what {@code %c} stands for
   * @param before the other program and its first arguments
   * @return a value for {@code Exec}, likewise without those escapes; nothing where the original
   *     has an open quote or names no program. Files and icons of the host mean nothing in a
   *     machine, so {@code %f}, {@code %F}, {@code %i}, {@code %k} and the obsolete codes are left
   *     out
   */
  static Optional<String> through(String exec, String name, List<String> before) {
    return split(exec)
        .map(words -> expand(words, name))
        .filter(words -> !words.isEmpty() && !words.getFirst().equals(quote("")))
        .map(words -> join(before) + " " + String.join(" ", words));
  }

  /** Arguments as the value of {@code Exec}. */
  static String join(List<String> arguments) {
    return String.join(" ", arguments.stream().map(ExecLine::quote).toList());
  }

  private static String quote(String argument) {
    String text = argument.replace("%", "%%");
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char character : text.toCharArray()) {
      if ("\"`$\\".indexOf(character) >= 0) {
        quoted.append('\\');
      }
      quoted.append(character);
    }
    return quoted.append('"').toString();
  }

  /** A word of the original; one without quotes that is empty after expansion disappears. */
  private record Word(String text, boolean quoted) {}

  private static Optional<List<Word>> split(String exec) {
    List<Word> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    boolean quoted = false;
    char open = 0;
    for (int at = 0; at < exec.length(); at++) {
      char character = exec.charAt(at);
      boolean escapes = open == 0 || open == '"';
      if (character == '\\' && escapes && at + 1 < exec.length()) {
        char next = exec.charAt(++at);
        if (open == '"' && "\"`$\\".indexOf(next) < 0) {
          word.append('\\');
        }
        word.append(next);
        inWord = true;
      } else if (open != 0) {
        if (character == open) {
          open = 0;
        } else {
          word.append(character);
        }
      } else if (character == '"' || character == '\'') {
        open = character;
        inWord = true;
        quoted = true;
      } else if (Character.isWhitespace(character)) {
        if (inWord) {
          words.add(new Word(word.toString(), quoted));
        }
        word.setLength(0);
        inWord = false;
        quoted = false;
      } else {
        word.append(character);
        inWord = true;
      }
    }
    if (open != 0) {
      return Optional.empty();
    }
    if (inWord) {
      words.add(new Word(word.toString(), quoted));
    }
    return Optional.of(words);
  }

  /** The words as they are written again. */
  private static List<String> expand(List<Word> words, String name) {
    List<String> written = new ArrayList<>();
    for (Word word : words) {
      if (ADDRESS.matcher(word.text()).matches()) {
        written.add(word.text());
        continue;
      }
      String text = expand(word.text(), name);
      if (!text.isEmpty() || word.quoted()) {
        written.add(quote(text));
      }
    }
    return written;
  }

  private static String expand(String word, String name) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < word.length(); at++) {
      char character = word.charAt(at);
      if (character != '%' || at + 1 == word.length()) {
        text.append(character);
        continue;
      }
      switch (word.charAt(++at)) {
        case '%' -> text.append('%');
        case 'c' -> text.append(name);
        default -> {}
      }
    }
    return text.toString();
  }
}
