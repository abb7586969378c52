package dev.codchi.machines.secrets;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a secret is for, which decides its name's shape and its value's limits. */
public enum SecretKind {
  /** An environment variable of the machine's user; {@code CODCHI_} precedes its name there. */
  ENV(1, "[A-Za-z_][A-Za-z0-9_]*", "letters, digits and '_', not starting with a digit"),
  /** A file in the machine. */
  FILE(
      2,
      "[A-Za-z0-9_][A-Za-z0-9_.-]*",
      "letters, digits, '.', '_' and '-', starting with a letter, digit or '_'"),
  /** A token for fetching repositories; named after its host, never delivered to the machine. */
  TOKEN(
      3,
      "[A-Za-z0-9][A-Za-z0-9.:/_@+-]*",
      "a host name, with a path where a host has several tokens");

  private final int number;
  private final Pattern shape;
  private final String rule;

  SecretKind(int number, String shape, String rule) {
    this.number = number;
    this.shape = Pattern.compile(shape);
    this.rule = rule;
  }

  /** The number that stands for the kind in a vault; never changes. */
  public int number() {
    return number;
  }

  /** The word for the kind in JSON and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind with this word. */
  public static Optional<SecretKind> ofWord(String word) {
    for (SecretKind kind : values()) {
      if (kind.word().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The kind with this number. */
  public static Optional<SecretKind> ofNumber(int number) {
    for (SecretKind kind : values()) {
      if (kind.number == number) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether a secret of this kind can have a name. */
  public boolean fits(String name) {
    return shape.matcher(name).matches();
  }

  String rule() {
    return rule;
  }
}
