package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.SettleConsents;
import dev.codchi.machines.capabilities.Wishes;
import dev.codchi.machines.secrets.AskForSecrets;
import dev.codchi.machines.secrets.DeclaredSecrets;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.NixAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Builds a machine's system beside its present one. The flake and its lock are staged in a
 * directory of their own; they take the machine's place only in {@link #commit}, after the system
 * was built and activated.
 */
@ApplicationScoped
class MachineBuild {
  /** How the flake's inputs are treated. */
  sealed interface Updates {
    /** All inputs are brought to their newest state. */
    record All() implements Updates {}

    /** The lock stays as it is; only inputs that are new are locked. */
    record None() implements Updates {}

    /** Only the named inputs are brought to their newest state. */
    record Only(Set<String> inputs) implements Updates {}
  }

  /**
   * A built system that is not yet the machine's.
   *
   * @param system store path
   * @param inputs fingerprint of what it was built from
   * @param unchanged whether it is the machine's present system
   */
  record Built(String system, String inputs, boolean unchanged) {}

  private static final String STAGE = "next";

  private static final String CONFIGURATION = "nixosConfigurations.default.config";

  /** One evaluation tells what is to be built, and what it will need of a person and the host. */
  private static final String WANTED =
      "config: { secrets = config.codchi.declaredSecrets;"
          + " capabilities = config.codchi.capabilities;"
          + " derivation = config.system.build.toplevel.drvPath; }";

  private final Settings settings;
  private final Machines machines;
  private final Nix nix;
  private final SourceDirectories sources;
  private final FlakeFiles flakes;
  private final AskForSecrets askForSecrets;
  private final RepositoryTokens tokens;
  private final Observers observers;
  private final SettleConsents settleConsents;

  MachineBuild(
      Settings settings,
      Machines machines,
      Nix nix,
      SourceDirectories sources,
      FlakeFiles flakes,
      AskForSecrets askForSecrets,
      RepositoryTokens tokens,
      Observers observers,
      SettleConsents settleConsents) {
    this.settleConsents = settleConsents;
    this.askForSecrets = askForSecrets;
    this.tokens = tokens;
    this.observers = observers;
    this.settings = settings;
    this.machines = machines;
    this.nix = nix;
    this.sources = sources;
    this.flakes = flakes;
  }

  /**
   * Evaluates and builds a definition. Where nothing differs from what the machine already has,
   * nothing is evaluated.
   *
   * @throws Failure {@code NIX_*}, {@code SECRETS_MISSING}; the machine's files are as before
   */
  Built build(MachineDefinition definition, Updates updates, Progress progress) {
    nix.prepare(progress);
    List<FlakeReference> references =
        definition.modules().stream().map(MachineDefinition.Module::reference).toList();
    sources.share(references);
    try (NixAccess access = tokens.open(definition.name(), references)) {
      return build(definition, updates, access, progress);
    }
  }

  private Built build(
      MachineDefinition definition, Updates updates, NixAccess access, Progress progress) {
    MachineName machine = definition.name();
    Path directory = machines.directory(machine);
    String flake = "path:/config/machine/" + machine + "/" + STAGE;
    Path stage = stage(definition);
    lock(definition, stage, flake, updates, access, progress);
    String before = FlakeFiles.fingerprint(stage);
    boolean evaluationNeeded =
        definition.modules().stream().anyMatch(MachineBuild::changesUnnoticed);
    var installed = InstalledSystem.read(directory);
    if (!evaluationNeeded
        && installed.isPresent()
        && installed.get().inputs().equals(before)
        && present(machine)) {
      return new Built(installed.get().system(), before, true);
    }
    String system;
    String derivation = evaluate(definition, flake, access, progress);
    try (Progress.Step _ = progress.begin("Building " + machine)) {
      String json =
          nix.run(
              List.of(
                  "build",
                  derivation + "^out",
                  "--out-link",
                  "/config/machine/" + machine + "/" + STAGE + "/system",
                  "--json"),
              progress);
      system = outputPath(json);
    }
    boolean same =
        installed.map(InstalledSystem::system).filter(system::equals).isPresent()
            && present(machine);
    return new Built(system, FlakeFiles.fingerprint(stage), same);
  }

  /**
   * Whether the definition's inputs have something newer than the machine was built from. Nothing
   * is evaluated; what is staged for that stays until it is discarded.
   *
   * @throws Failure {@code NIX_*}
   */
  boolean outdated(MachineDefinition definition, Progress progress) {
    nix.prepare(progress);
    List<FlakeReference> references =
        definition.modules().stream().map(MachineDefinition.Module::reference).toList();
    sources.share(references);
    Path stage = stage(definition);
    byte[] before = WholeFile.read(stage.resolve("flake.lock")).orElse(new byte[0]);
    String flake = "path:/config/machine/" + definition.name() + "/" + STAGE;
    try (NixAccess access = tokens.open(definition.name(), references)) {
      lock(definition, stage, flake, new Updates.All(), access, progress);
    }
    byte[] after = WholeFile.read(stage.resolve("flake.lock")).orElse(new byte[0]);
    return !java.util.Arrays.equals(before, after);
  }

  /**
   * Evaluates a flake; secrets that it needs and consent are asked for, so that nobody learns after
   * a long build that something is missing.
   *
   * @return the system's derivation
   */
  private String evaluate(
      MachineDefinition definition, String flake, NixAccess access, Progress progress) {
    MachineName machine = definition.name();
    JsonNode evaluated;
    try (Progress.Step _ = progress.begin("Evaluating " + machine)) {
      String json =
          nix.run(
              List.of("eval", "--json", flake + "#" + CONFIGURATION, "--apply", WANTED),
              access,
              progress);
      evaluated = JsonText.MAPPER.readTree(json);
    } catch (IOException e) {
      throw Failure.of(FailureCode.NIX_EVALUATION, "nix did not say what is to be built")
          .because(e.toString())
          .causedBy(e);
    }
    settleConsents.settle(
        MachineSide.of(settings.directories(), machine.value()),
        Wishes.parse(evaluated.path("capabilities").toString().getBytes(StandardCharsets.UTF_8)),
        RepositoryServers.of(definition),
        progress);
    byte[] declared = evaluated.path("secrets").toString().getBytes(StandardCharsets.UTF_8);
    askForSecrets.requireAll(
        VaultLocation.of(settings.directories(), machine.value()), DeclaredSecrets.parse(declared));
    return evaluated.path("derivation").asText();
  }

  /** Whether a module is a directory whose content can change without its lock telling. */
  static boolean changesUnnoticed(MachineDefinition.Module module) {
    return module.reference() instanceof FlakeReference.Local
        || module.reference() instanceof FlakeReference.HostPath;
  }

  /**
   * Brings the staged lock to where it is wanted. Working copies are locked apart from the rest:
   * nix writes no lock at all while one of them has uncommitted changes, and a lock that names a
   * working copy would hide its later ones. So the lock is first made without them, and nix adds
   * them as they are when it builds.
   */
  private void lock(
      MachineDefinition definition,
      Path stage,
      String flake,
      Updates updates,
      NixAccess access,
      Progress progress) {
    List<MachineDefinition.Module> fetched =
        definition.modules().stream().filter(module -> !changesUnnoticed(module)).toList();
    if (fetched.size() == definition.modules().size()) {
      update(flake, updates, access, progress);
      return;
    }
    try {
      boolean followsWorkingCopy =
          definition.nixpkgs() instanceof MachineDefinition.Nixpkgs.Follows(String module)
              && fetched.stream().noneMatch(one -> one.name().equals(module));
      if (followsWorkingCopy) {
        // Its nixpkgs cannot be locked without it, so everything is as new as it can be.
        Files.deleteIfExists(stage.resolve("flake.lock"));
        return;
      }
      flakes.write(definition.withModules(fetched), nix.driver(), stage);
      Updates others = withoutWorkingCopies(definition, updates);
      if (others instanceof Updates.None) {
        nix.run(List.of("flake", "lock", flake), access, progress);
      } else {
        update(flake, others, access, progress);
      }
      flakes.write(definition, nix.driver(), stage);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot write to " + stage)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private static Updates withoutWorkingCopies(MachineDefinition definition, Updates updates) {
    if (!(updates instanceof Updates.Only(Set<String> inputs))) {
      return updates;
    }
    Set<String> fetched = new java.util.LinkedHashSet<>(inputs);
    definition.modules().stream()
        .filter(MachineBuild::changesUnnoticed)
        .forEach(module -> fetched.remove(MachineFlake.inputName(module.name())));
    return fetched.isEmpty() ? new Updates.None() : new Updates.Only(fetched);
  }

  private void update(String flake, Updates updates, NixAccess access, Progress progress) {
    List<String> arguments = new ArrayList<>(List.of("flake", "update"));
    switch (updates) {
      case Updates.All() -> {}
      case Updates.None() -> {
        return;
      }
      case Updates.Only(Set<String> inputs) -> arguments.addAll(inputs);
    }
    arguments.addAll(List.of("--flake", flake));
    try (Progress.Step _ = progress.begin("Looking for updates")) {
      nix.run(arguments, access, progress);
    }
  }

  /**
   * Writes the flake that belongs to the definition, and the present lock, to the staging
   * directory.
   */
  private Path stage(MachineDefinition definition) {
    Path directory = machines.directory(definition.name());
    Path stage = directory.resolve(STAGE);
    try {
      discard(definition.name());
      Person.current().directory(directory, "rwxr-xr-x");
      Person.current().directory(stage, "rwxr-xr-x");
      Path lock = directory.resolve("flake.lock");
      if (Files.exists(lock)) {
        Path staged =
            Files.copy(lock, stage.resolve("flake.lock"), StandardCopyOption.REPLACE_EXISTING);
        Person.current().own(staged);
      }
      flakes.write(definition, nix.driver(), stage);
      if (Files.exists(directory.resolve(Machines.DEFINITION))) {
        WholeFile.write(
            stage.resolve(Machines.DEFINITION), MachineDefinitionJson.write(definition), 0644);
      }
      return stage;
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot write to " + stage)
          .because(e.toString())
          .causedBy(e);
    }
  }

  /**
   * Makes a built system the machine's: its generation advances, then flake and lock take their
   * place. Safe to repeat.
   */
  void commit(MachineName machine, Built built, Progress progress) {
    String profile = "/nix/var/nix/profiles/per-machine/" + machine + "/system";
    Person.current().directory(settings.directories().profiles(machine.value()), "rwxr-xr-x");
    nix.run(List.of("build", "--no-link", "--profile", profile, built.system()), progress);
    publish(machine, built, progress);
  }

  /** The second half of {@link #commit}, which recovery repeats. */
  void publish(MachineName machine, Built built, Progress progress) {
    Path directory = machines.directory(machine);
    Path stage = directory.resolve(STAGE);
    try {
      for (String name : List.of("flake.nix", "flake.lock", Machines.DEFINITION)) {
        if (Files.exists(stage.resolve(name))) {
          Files.move(stage.resolve(name), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot write to " + directory)
          .because(e.toString())
          .causedBy(e);
    }
    new InstalledSystem(built.system(), built.inputs()).write(directory);
    discard(machine);
    observers.installed(machine, built.system(), progress);
  }

  /**
   * Writes down a definition that describes the machine's present system in other words, so that
   * the next rebuild finds nothing to do.
   */
  void settle(MachineDefinition definition, String system) {
    Path directory = machines.directory(definition.name());
    flakes.write(definition, nix.driver(), directory);
    machines.save(definition);
    new InstalledSystem(system, flakes.wanted(definition, nix.driver())).write(directory);
  }

  /** Throws away what is staged. Idempotent. */
  void discard(MachineName machine) {
    FileTree.delete(machines.directory(machine).resolve(STAGE));
  }

  /** Whether the machine has a generation. */
  private boolean present(MachineName machine) {
    return Files.exists(
        settings.directories().profiles(machine.value()).resolve("system"),
        LinkOption.NOFOLLOW_LINKS);
  }

  private static String outputPath(String json) {
    try {
      JsonNode outputs = JsonText.MAPPER.readTree(json);
      String path = outputs.path(0).path("outputs").path("out").asText();
      if (path.isEmpty()) {
        throw new IOException("no output in " + json);
      }
      return path;
    } catch (IOException e) {
      throw Failure.of(FailureCode.NIX_BUILD, "nix did not say what it built")
          .because(e.toString())
          .causedBy(e);
    }
  }
}
