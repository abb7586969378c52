package dev.codchi.export;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineFlake;
import dev.codchi.machines.ModuleAttribute;
import dev.codchi.machines.NixPlaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A flake that makes any NixOS what the machine was, with the same modules, locked to the same
 * versions. The machine driver lies beside it, so nothing of codchi comes from the network.
 */
final class StandaloneFlake {
  /** The driver's directory beside the flake. */
  static final String DRIVER = "codchi-driver";

  /** The input of the machine's own flake that has no place in this one. */
  private static final String DRIVER_INPUT = "codchi_driver";

  private StandaloneFlake() {}

  /**
   * The flake's text.
   *
   * @param nixpkgs nixpkgs for machines that do not follow a module's
   * @param system nix's name of the platform
   */
  static String text(
      MachineDefinition definition, String nixpkgs, String system, NixPlaces places) {
    StringBuilder text = new StringBuilder();
    text.append("# The code machine '%s' as an ordinary NixOS.\n".formatted(definition.name()));
    text.append("{\n");
    switch (definition.nixpkgs()) {
      case MachineDefinition.Nixpkgs.Default() ->
          text.append("  inputs.nixpkgs.url = ").append(quote(nixpkgs)).append(";\n");
      case MachineDefinition.Nixpkgs.Follows(String module) ->
          text.append("  inputs.nixpkgs.follows = ")
              .append(quote(MachineFlake.inputName(module) + "/nixpkgs"))
              .append(";\n");
    }
    for (MachineDefinition.Module module : definition.modules()) {
      text.append("  inputs.%s.url = ".formatted(MachineFlake.inputName(module.name())))
          .append(quote(module.reference().toNix(places)))
          .append(";\n");
    }
    text.append(
        """

          outputs =
            inputs:
            let
              # The machine driver of codchi, which the modules' options come from; it needs nothing from elsewhere.
              driver = (import ./%s/flake.nix).outputs { self = driver; };
              machine = driver.lib.codeMachine {
                system = %s;
                driver = "none";
                inherit (inputs) nixpkgs;
        """
            .formatted(DRIVER, quote(system)));
    String stateVersion = definition.facts().get("stateVersion");
    if (stateVersion != null) {
      text.append("        stateVersion = ").append(quote(stateVersion)).append(";\n");
    }
    text.append("        modules = [\n");
    for (MachineDefinition.Module module : definition.modules()) {
      ModuleAttribute attribute = module.attribute();
      text.append(
          "          inputs.%s.%s\n"
              .formatted(MachineFlake.inputName(module.name()), attribute.print()));
    }
    text.append(
        """
                  # The hardware: the configuration.nix that the installer wrote is used when it lies here.
                ] ++ (if builtins.pathExists ./configuration.nix then [ ./configuration.nix ] else [ ]);
              };
            in
            {
              # nixos-rebuild takes the configuration with the host's name; the installer's default is "nixos".
              nixosConfigurations.nixos = machine;
              nixosConfigurations.default = machine;
              nixosConfigurations.%s = machine;
            };
        }
        """
            .formatted(quote(definition.name().value())));
    return text.toString();
  }

  /**
   * The machine's lock without the driver.
   *
   * @throws Failure {@code MACHINE_BROKEN} when it cannot be read
   */
  static byte[] lock(byte[] machineLock) {
    try {
      JsonMapper mapper = JsonText.MAPPER;
      ObjectNode lock = (ObjectNode) mapper.readTree(machineLock);
      String root = lock.path("root").asText();
      ObjectNode nodes = lock.withObject("nodes");
      ObjectNode inputs = nodes.withObject(root).withObject("inputs");
      String driver = inputs.path(DRIVER_INPUT).asText();
      inputs.remove(DRIVER_INPUT);
      if (!driver.isEmpty()) {
        nodes.remove(driver);
      }
      String text = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(lock) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (IOException | ClassCastException | UnsupportedOperationException e) {
      throw Failure.of(FailureCode.MACHINE_BROKEN, "the machine's flake.lock is damaged")
          .because(e.toString())
          .causedBy(e);
    }
  }

  private static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "\\${") + "\"";
  }
}
