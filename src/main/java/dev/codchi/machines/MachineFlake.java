package dev.codchi.machines;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a machine's {@code flake.nix}. The file is codchi's: it is written anew whenever the
 * definition changes, and the same definition always gives the same text.
 */
public final class MachineFlake {
  /**
   * The fact that keeps the NixOS release that the machine was made with; see {@code
   * system.stateVersion}.
   */
  static final String STATE_VERSION = "stateVersion";

  private MachineFlake() {}

  /**
   * What codchi adds to a definition.
   *
   * @param driverUrl the driver's flake as the store sees it, for example {@code
   *     path:/config/driver/HASH}
   * @param nixpkgsUrl nixpkgs for machines that do not follow a module's
   * @param system nix's name of the platform, for example {@code x86_64-linux}
   * @param driver the driver's name, for example {@code lxd}
   */
  public record Surroundings(String driverUrl, String nixpkgsUrl, String system, String driver) {}

  /**
   * The flake's text. The machine's name is not in it: the machine learns it when it starts, so
   * that renaming builds nothing and machines with the same modules share everything.
   */
  public static String generate(
      MachineDefinition definition, Surroundings surroundings, NixPlaces places) {
    return generate(definition, surroundings, places, "");
  }

  /**
   * Like {@link #generate(MachineDefinition, Surroundings, NixPlaces)}, with one more output.
   *
   * @param output a line of nix that may use {@code inputs}, {@code machine} and {@code system};
   *     empty for none
   */
  static String generate(
      MachineDefinition definition, Surroundings surroundings, NixPlaces places, String output) {
    List<String> inputs = inputNames(definition.modules());
    StringBuilder text = new StringBuilder();
    text.append("# Written by codchi from machine.json beside it; changes here are overwritten.\n");
    text.append("{\n");
    line(text, 2, "inputs.codchi_driver.url = ", NixText.string(surroundings.driverUrl()));
    switch (definition.nixpkgs()) {
      case MachineDefinition.Nixpkgs.Default ignored ->
          line(text, 2, "inputs.nixpkgs.url = ", NixText.string(surroundings.nixpkgsUrl()));
      case MachineDefinition.Nixpkgs.Follows(String module) ->
          line(
              text,
              2,
              "inputs.nixpkgs.follows = ",
              NixText.string(inputOf(definition, inputs, module) + "/nixpkgs"));
    }
    for (int i = 0; i < inputs.size(); i++) {
      FlakeReference reference = definition.modules().get(i).reference();
      line(text, 2, "inputs." + inputs.get(i) + ".url = ", NixText.string(reference.toNix(places)));
    }
    text.append('\n');
    text.append("  outputs =\n    inputs:\n    let\n");
    line(text, 6, "system = ", NixText.string(surroundings.system()));
    text.append("      machine = inputs.codchi_driver.lib.codeMachine {\n");
    text.append("        inherit system;\n");
    text.append("        inherit (inputs) nixpkgs;\n");
    line(text, 8, "driver = ", NixText.string(surroundings.driver()));
    String stateVersion = definition.facts().get(STATE_VERSION);
    if (stateVersion != null) {
      line(text, 8, "stateVersion = ", NixText.string(stateVersion));
    }
    text.append(inputs.isEmpty() ? "        modules = [ ];\n" : "        modules = [\n");
    for (int i = 0; i < inputs.size(); i++) {
      ModuleAttribute attribute = definition.modules().get(i).attribute();
      text.append("          inputs.%s.%s\n".formatted(inputs.get(i), attribute.print()));
    }
    text.append(inputs.isEmpty() ? "" : "        ];\n");
    text.append("      };\n    in\n    {\n");
    text.append("      nixosConfigurations.default = machine;\n");
    text.append("      packages.${system}.default = machine.config.system.build.toplevel;\n");
    text.append(output.isEmpty() ? "" : "      " + output + "\n");
    text.append("    };\n}\n");
    return text.toString();
  }

  /**
   * The names of the modules' inputs: {@code m-NAME}. Two modules from the same flake have two
   * inputs, so that each can be updated and switched to a working copy alone. Names that start with
   * {@code m-} cannot clash with {@code nixpkgs}, {@code codchi_driver} or {@code self}.
   */
  private static List<String> inputNames(List<MachineDefinition.Module> modules) {
    List<String> names = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (MachineDefinition.Module module : modules) {
      String name = inputName(module.name());
      if (!taken.add(name)) {
        throw new IllegalStateException(name);
      }
      names.add(name);
    }
    return names;
  }

  /** The input of the module with this name, for example to update it alone. */
  public static String inputName(String module) {
    return "m-" + ModuleName.check(module);
  }

  private static String inputOf(MachineDefinition definition, List<String> inputs, String module) {
    for (int i = 0; i < inputs.size(); i++) {
      if (definition.modules().get(i).name().equals(module)) {
        return inputs.get(i);
      }
    }
    throw new IllegalStateException(module);
  }

  private static void line(StringBuilder text, int indent, String key, String value) {
    text.append(" ".repeat(indent)).append(key).append(value).append(";\n");
  }
}
