package dev.codchi.machines.secrets;

import java.util.Optional;

/**
 * A secret that a machine's configuration asks for; never a value.
 *
 * @param id which
 * @param description what it is for and where to get it, for people; may have several lines
 * @param required whether the machine needs it
 * @param place where the machine finds it
 * @param generator how codchi makes it; empty when a person supplies it
 */
public record SecretDeclaration(
    SecretId id,
    String description,
    boolean required,
    Place place,
    Optional<SecretGenerator> generator) {
  /** Where the machine finds a secret. */
  public sealed interface Place {
    /** The absolute path of the file that holds the value as it is. */
    String file();
  }

  /**
   * In an environment variable, and in a file of the machine's user.
   *
   * @param variable the variable's name
   * @param file the file, readable by the user alone
   */
  public record InVariable(String variable, String file) implements Place {}

  /**
   * In a file only.
   *
   * @param file the file
   * @param owner the user that the file belongs to, by name
   * @param group the group that the file belongs to, by name
   * @param mode permission bits
   */
  public record InFile(String file, String owner, String group, int mode) implements Place {}
}
