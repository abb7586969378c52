package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.List;
import java.util.Optional;

/**
 * A module among a flake's outputs: {@code nixosModules.NAME} or {@code codchiModules.NAME}.
 *
 * @param output which of the outputs
 * @param name the module's name there
 */
public record ModuleAttribute(Output output, String name) {
  /** The outputs in which flakes offer modules; where both have a name, codchi's own wins. */
  public enum Output {
    /** Modules meant for code machines. */
    CODCHI("codchiModules"),
    /** Modules for any NixOS. */
    NIXOS("nixosModules");

    private final String attribute;

    Output(String attribute) {
      this.attribute = attribute;
    }

    /** The output's name in the flake. */
    public String attribute() {
      return attribute;
    }
  }

  /** Checks the name. */
  public ModuleAttribute {
    if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw bad(name).because("a module's name is not empty and has no control characters");
    }
  }

  /**
   * Reads {@code nixosModules.NAME}, {@code codchiModules.NAME}, or a name alone, which is taken
   * for {@code nixosModules.NAME}. A name with dots is quoted: {@code nixosModules."a.b"}.
   *
   * @throws Failure {@link FailureCode#BAD_REFERENCE}
   */
  public static ModuleAttribute parse(String text) {
    for (Output output : Output.values()) {
      if (text.startsWith(output.attribute + ".")) {
        return new ModuleAttribute(
            output, unquoted(text, text.substring(output.attribute.length() + 1)));
      }
    }
    return new ModuleAttribute(Output.NIXOS, unquoted(text, text));
  }

  /**
   * The module that is meant among those that a flake offers.
   *
   * @param wanted what the user named; empty: the only one, else {@code default}
   * @throws Failure {@link FailureCode#NIX_NO_MODULE} with the offers
   */
  public static ModuleAttribute choose(List<ModuleAttribute> offered, Optional<String> wanted) {
    if (wanted.isPresent()) {
      ModuleAttribute asked = parse(wanted.get());
      if (wanted.get().startsWith(asked.output().attribute() + ".")) {
        if (offered.contains(asked)) {
          return asked;
        }
      } else {
        for (Output output : Output.values()) {
          ModuleAttribute candidate = new ModuleAttribute(output, asked.name());
          if (offered.contains(candidate)) {
            return candidate;
          }
        }
      }
      throw noModule("The flake offers no module '%s'".formatted(wanted.get()), offered);
    }
    if (offered.size() == 1) {
      return offered.getFirst();
    }
    for (Output output : Output.values()) {
      ModuleAttribute standard = new ModuleAttribute(output, "default");
      if (offered.contains(standard)) {
        return standard;
      }
    }
    throw noModule(
        offered.isEmpty()
            ? "The flake offers no module"
            : "The flake offers several modules and none is called 'default'",
        offered);
  }

  /** As {@link #parse} reads it and as nix writes it. */
  public String print() {
    return output.attribute + "." + NixText.attribute(name);
  }

  private static String unquoted(String whole, String name) {
    if (name.length() > 2 && name.startsWith("\"") && name.endsWith("\"")) {
      return name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1");
    }
    if (!NixText.isIdentifier(name) && !name.matches("[A-Za-z0-9_'+-]+")) {
      throw bad(whole)
          .because("modules are nixosModules.NAME or codchiModules.NAME")
          .next("Quote a name with other characters: nixosModules.\"a.b\".");
    }
    return name;
  }

  private static Failure bad(String text) {
    return Failure.of(
        FailureCode.BAD_REFERENCE,
        "'%s' is not a module".formatted(text.replaceAll("\\p{Cntrl}", "�")));
  }

  private static Failure noModule(String what, List<ModuleAttribute> offered) {
    Failure failure = Failure.of(FailureCode.NIX_NO_MODULE, what);
    if (offered.isEmpty()) {
      return failure
          .because("it has neither nixosModules nor codchiModules")
          .next("Add nixosModules.default to its flake.nix.");
    }
    String names = String.join(", ", offered.stream().map(ModuleAttribute::print).toList());
    return failure.because("it offers " + names).next("Name one of them.");
  }
}
