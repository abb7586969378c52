package dev.codchi.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.Delivery;
import dev.codchi.machines.Generations;
import dev.codchi.machines.MachineContainer;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.NixPlaces;
import dev.codchi.machines.secrets.CollectSecrets;
import dev.codchi.machines.secrets.CollectedSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.machines.secrets.delivery.EnvironmentFile;
import dev.codchi.store.Nix;
import dev.codchi.store.NixTree;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that codchi itself adds to a machine's files: its configuration and its environment.
 */
@ApplicationScoped
class MachineFiles {
  /** What {@code codchi import} reads. */
  static final String DESCRIPTION = "etc/nixos/codchi-machine.json";

  /** The newest description that this codchi reads, and the one that it writes. */
  static final int VERSION = 1;

  static final String ENVIRONMENT = "etc/codchi-env";
  private static final String NAME_VARIABLE = "CODCHI_MACHINE_NAME";
  private static final String SHORT_NAME_VARIABLE = "CODCHI_NAME";

  private final Settings settings;
  private final Machines machines;
  private final Generations generations;
  private final Delivery delivery;
  private final CollectSecrets collectSecrets;

  MachineFiles(
      Settings settings,
      Machines machines,
      Generations generations,
      Delivery delivery,
      CollectSecrets collectSecrets) {
    this.settings = settings;
    this.machines = machines;
    this.generations = generations;
    this.delivery = delivery;
    this.collectSecrets = collectSecrets;
  }

  /**
   * One file to be added.
   *
   * @param path relative to the root
   * @param user its owner's name; {@code root} or somebody in the machine
   * @param group its group's name
   * @param mode permission bits
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, compared nowhere
  record Added(String path, byte[] content, String user, String group, int mode) {
    static Added ofRoot(String path, byte[] content) {
      return new Added(path, content, "root", "root", 0644);
    }
  }

  /** Everything that is added for a machine, the description first. */
  List<Added> of(MachineName machine, SecretsPolicy secrets) {
    List<Added> files = configuration(machine, secrets);
    addEnvironment(machine, secrets, files);
    return files;
  }

  /** The configuration alone, all below {@code etc/nixos/}, the description first. */
  List<Added> configuration(MachineName machine) {
    return configuration(machine, SecretsPolicy.EXCLUDE);
  }

  /** Whether a variable is codchi's own, and not a secret's. */
  static boolean isOwn(String variable) {
    return variable.equals(NAME_VARIABLE) || variable.equals(SHORT_NAME_VARIABLE);
  }

  private List<Added> configuration(MachineName machine, SecretsPolicy secrets) {
    MachineDefinition definition = machines.require(machine);
    Path directory = settings.directories().machine(machine.value());
    List<Added> files = new ArrayList<>();
    files.add(Added.ofRoot(DESCRIPTION, description(definition, directory, secrets)));
    files.add(
        Added.ofRoot(
            "etc/nixos/flake.nix",
            StandaloneFlake.text(
                    definition, settings.require(Setting.NIXPKGS), Nix.system(), places())
                .getBytes(StandardCharsets.UTF_8)));
    WholeFile.read(directory.resolve("flake.lock"))
        .ifPresent(
            lock -> files.add(Added.ofRoot("etc/nixos/flake.lock", StandaloneFlake.lock(lock))));
    NixTree.files()
        .forEach((path, content) ->
            files.add(Added.ofRoot("etc/nixos/" + StandaloneFlake.DRIVER + "/" + path, content)));
    return files;
  }

  private byte[] description(MachineDefinition definition, Path directory, SecretsPolicy secrets) {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    json.put("schema", "codchi/machine-archive/" + VERSION);
    json.put("machine", definition.name().value());
    json.put("generation", generations.currentNumber(definition.name()).orElse(0));
    json.put("system", Nix.system());
    json.put("secrets", secrets == SecretsPolicy.INCLUDE);
    WholeFile.read(directory.resolve("machine.json"))
        .ifPresent(content -> json.put("definition", new String(content, StandardCharsets.UTF_8)));
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Where the modules' directories are once the machine is a NixOS of its own. */
  private static NixPlaces places() {
    return new NixPlaces() {
      @Override
      public String machineHome() {
        return MachineContainer.HOME;
      }

      @Override
      public String hostDirectory(String absolutePath) {
        return absolutePath;
      }

      @Override
      public boolean isGit(String absolutePath) {
        return java.nio.file.Files.exists(Path.of(absolutePath).resolve(".git"));
      }
    };
  }

  private void addEnvironment(MachineName machine, SecretsPolicy policy, List<Added> files) {
    Map<String, SecretValue> variables = new LinkedHashMap<>();
    variables.put(NAME_VARIABLE, SecretValue.ofText(machine.value()));
    variables.put(SHORT_NAME_VARIABLE, SecretValue.ofText(machine.value()));
    List<SecretDeclaration> declared =
        policy == SecretsPolicy.INCLUDE ? delivery.declared(machine) : List.of();
    try (CollectedSecrets collected =
        collectSecrets.available(
            VaultLocation.of(settings.directories(), machine.value()), declared)) {
      for (SecretDeclaration secret : declared) {
        SecretId id = secret.id();
        SecretValue value = collected.values().get(id);
        if (value != null && id.kind() == SecretKind.ENV) {
          variables.put(SecretId.VARIABLE_PREFIX + id.name(), value);
        } else if (value != null
            && secret.place()
                instanceof
                SecretDeclaration.InFile(String ignored, String owner, String group, int mode)) {
          files.add(
              new Added(ArchivedSecrets.FILES + id.name(), value.bytes(), owner, group, mode));
        }
      }
      files.add(new Added(ENVIRONMENT, EnvironmentFile.render(variables), "codchi", "users", 0400));
    }
  }
}
