package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of modules within a machine. */
public final class ModuleName {
  /** The most characters a name can have. */
  public static final int LONGEST = 60;

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9_-]*)");

  private ModuleName() {}

  /**
   * Checks a name: letters, digits, '_' and '-', starting with a letter or digit.
   *
   * @throws Failure {@link FailureCode#BAD_NAME}
   */
  public static String check(String name) {
    if (!ALLOWED.matcher(name).matches() || name.length() > LONGEST) {
      throw Failure.of(
              FailureCode.BAD_NAME,
              "'%s' is not a name for a module".formatted(name.replaceAll("\\p{Cntrl}", "�")))
          .because(
              name.length() > LONGEST
                  ? "it has more than %d characters".formatted(LONGEST)
                  : "module names are letters, digits, '_' and '-', starting with letter or digit")
          .next("Give another name with --new-name.");
    }
    return name;
  }

  /**
   * A free name for a module from this repository.
   *
   * @param reference the repository, whose own name is used as far as it can be
   * @param attribute used too when the repository's name is taken and the module is not the default
   * @param taken the names that the machine already has
   */
  public static String derive(
      FlakeReference reference, ModuleAttribute attribute, Set<String> taken) {
    String base = tidy(reference.repositoryName());
    if (base.isEmpty()) {
      base = tidy(attribute.name());
    }
    if (base.isEmpty()) {
      base = "module";
    }
    if (!taken.contains(base)) {
      return base;
    }
    String longer = tidy(base + "-" + attribute.name());
    if (!attribute.name().equals("default") && !taken.contains(longer)) {
      return longer;
    }
    for (int number = 2; ; number++) {
      String suffix = "-" + number;
      String numbered =
          base.substring(0, Math.min(base.length(), LONGEST - suffix.length())) + suffix;
      if (!taken.contains(numbered)) {
        return numbered;
      }
    }
  }

  private static String tidy(String text) {
    String name = text.replaceAll("[^a-zA-Z0-9_-]+", "-").replaceAll("^[^a-zA-Z0-9]+|-+$", "");
    return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }
}
