package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Comparator;
import java.util.Set;

/**
 * Which secret of a machine: kinds have separate names.
 *
 * @param kind what it is for
 * @param name its name, valid for the kind
 */
public record SecretId(SecretKind kind, String name) implements Comparable<SecretId> {
  /** Longest name, in characters (all of them ASCII). */
  public static final int LONGEST_NAME = 128;

  private static final Comparator<SecretId> ORDER =
      Comparator.comparing(SecretId::kind).thenComparing(SecretId::name);

  /** Precedes a secret's name in the variable that holds it in the machine. */
  public static final String VARIABLE_PREFIX = "CODCHI_";

  /** codchi sets {@code CODCHI_MACHINE_NAME} and {@code CODCHI_NAME} in every machine. */
  private static final Set<String> TAKEN = Set.of("MACHINE_NAME", "NAME");

  /**
   * Checks the name.
   *
   * @throws Failure {@code SECRET_NAME}
   */
  public SecretId {
    if (name.isEmpty() || name.length() > LONGEST_NAME || !kind.fits(name)) {
      throw Failure.of(
              FailureCode.SECRET_NAME, "'" + printable(name) + "' cannot be the name of a secret")
          .because(
              "A name of kind '"
                  + kind.word()
                  + "' is "
                  + kind.rule()
                  + ", at most "
                  + LONGEST_NAME
                  + " characters");
    }
    if (kind == SecretKind.ENV && TAKEN.contains(name)) {
      throw Failure.of(FailureCode.SECRET_NAME, "'" + name + "' cannot be the name of a secret")
          .because("codchi itself sets the variable " + VARIABLE_PREFIX + name)
          .next("Choose another name in the machine's module.");
    }
  }

  /** An environment variable. */
  public static SecretId env(String name) {
    return new SecretId(SecretKind.ENV, name);
  }

  /** A file. */
  public static SecretId file(String name) {
    return new SecretId(SecretKind.FILE, name);
  }

  /** A repository token. */
  public static SecretId token(String name) {
    return new SecretId(SecretKind.TOKEN, name);
  }

  @Override
  public int compareTo(SecretId other) {
    return ORDER.compare(this, other);
  }

  /** For example {@code env DB_PASSWORD}. */
  @Override
  public String toString() {
    return kind.word() + " " + name;
  }

  private static String printable(String name) {
    String shown = name.replaceAll("[^\\x20-\\x7e]", "?");
    return shown.length() <= 60 ? shown : shown.substring(0, 60) + "...";
  }
}
