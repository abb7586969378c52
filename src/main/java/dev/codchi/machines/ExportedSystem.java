package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.NixAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A machine's system as it would be without codchi: the same modules in the same versions, for
 * another kind of computer. Nothing of the machine changes. See {@code
 * src/main/nix/lib/exports.nix}.
 */
@ApplicationScoped
public class ExportedSystem {
  private final Settings settings;
  private final Machines machines;
  private final Nix nix;
  private final SourceDirectories sources;
  private final StorePlaces places;
  private final RepositoryTokens tokens;

  ExportedSystem(
      Settings settings,
      Machines machines,
      Nix nix,
      SourceDirectories sources,
      StorePlaces places,
      RepositoryTokens tokens) {
    this.settings = settings;
    this.machines = machines;
    this.nix = nix;
    this.sources = sources;
    this.places = places;
    this.tokens = tokens;
  }

  /**
   * One path of the store.
   *
   * @param path the store path
   * @param narHash its hash as nix writes it ({@code sha256-...}, base 64)
   * @param narSize its size in bytes
   * @param references the store paths that it refers to
   */
  public record StorePath(String path, String narHash, long narSize, List<String> references) {
    public StorePath {
      references = List.copyOf(references);
    }

    /** The hash in base 16, as nix's registration has it. */
    public String hexHash() {
      String base64 = narHash.substring(narHash.indexOf('-') + 1);
      return HexFormat.of().formatHex(java.util.Base64.getDecoder().decode(base64));
    }
  }

  /**
   * Evaluates a function of what {@code exports.nix} gives. Starts the store if need be.
   *
   * @param apply a nix function, for example {@code exports: exports.images}
   * @throws Failure {@code NIX_*}, {@code NO_SUCH_MACHINE}
   */
  public JsonNode evaluate(MachineName machine, String apply, Progress progress) {
    nix.prepare(progress);
    MachineDefinition definition = machines.require(machine);
    List<FlakeReference> references =
        definition.modules().stream().map(MachineDefinition.Module::reference).toList();
    sources.share(references);
    try (Workspace stage = Workspace.of(settings.directories());
        NixAccess access = tokens.open(definition.name(), references);
        Progress.Step _ = progress.begin("Evaluating " + machine + " for elsewhere")) {
      stage(definition, stage.directory());
      String flake = "path:" + stage.inStore();
      String json =
          nix.run(
              List.of("eval", "--json", flake + "#codchiExports", "--apply", apply),
              access,
              progress);
      return JsonText.MAPPER.readTree(json);
    } catch (IOException e) {
      throw Failure.of(FailureCode.NIX_EVALUATION, "nix did not say what is to be built")
          .because(e.toString())
          .causedBy(e);
    }
  }

  /**
   * Builds a derivation.
   *
   * @param keep where a link keeps the result from being collected, as the store sees it; nothing
   *     for no link
   * @return its output's store path
   */
  public String build(String derivation, Optional<String> keep, Progress progress) {
    List<String> arguments = new ArrayList<>(List.of("build", derivation + "^out", "--json"));
    keep.ifPresentOrElse(
        link -> arguments.addAll(List.of("--out-link", link)), () -> arguments.add("--no-link"));
    try (Progress.Step _ = progress.begin("Building it")) {
      JsonNode built = JsonText.MAPPER.readTree(nix.run(arguments, progress));
      String path = built.path(0).path("outputs").path("out").asText();
      if (path.isEmpty()) {
        throw new IOException("no output in " + built);
      }
      return path;
    } catch (IOException e) {
      throw Failure.of(FailureCode.NIX_BUILD, "nix did not say what it built")
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** A store path with everything that it needs, sorted by path. */
  public List<StorePath> closure(String path, Progress progress) {
    String json = nix.run(List.of("path-info", "--json", "--recursive", path), progress);
    List<StorePath> closure = new ArrayList<>();
    try {
      JsonNode document = JsonText.MAPPER.readTree(json);
      // Newer versions of nix wrap the paths.
      JsonNode paths = document.path("info").isObject() ? document.path("info") : document;
      paths.properties().forEach(each -> closure.add(storePath(each.getKey(), each.getValue())));
      closure.sort(java.util.Comparator.comparing(StorePath::path));
    } catch (IOException e) {
      throw Failure.of(FailureCode.NIX_BUILD, "nix did not say what the system needs")
          .because(e.toString())
          .causedBy(e);
    }
    return closure;
  }

  private static StorePath storePath(String path, JsonNode info) {
    List<String> references = new ArrayList<>();
    info.path("references").forEach(one -> references.add(whole(one.asText())));
    references.sort(null);
    return new StorePath(
        whole(path), info.path("narHash").asText(), info.path("narSize").asLong(), references);
  }

  private static String whole(String path) {
    return path.startsWith("/") ? path : "/nix/store/" + path;
  }

  /** The revision of nixpkgs that a machine is locked to; nothing where it has none. */
  public Optional<String> nixpkgsRevision(MachineName machine) {
    try {
      byte[] lock =
          WholeFile.read(machines.directory(machine).resolve("flake.lock")).orElse(new byte[0]);
      JsonNode nodes = JsonText.MAPPER.readTree(lock).path("nodes");
      JsonNode locked = nodes.path(resolve(nodes, "root", "nixpkgs")).path("locked");
      String revision = locked.path("rev").asText(locked.path("narHash").asText());
      return revision.isEmpty() ? Optional.empty() : Optional.of(revision);
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  /** The node that an input leads to; {@code follows} are lists of names from the root. */
  private static String resolve(JsonNode nodes, String node, String input) {
    JsonNode target = nodes.path(node).path("inputs").path(input);
    if (!target.isArray()) {
      return target.asText();
    }
    String at = "root";
    for (JsonNode part : target) {
      at = resolve(nodes, at, part.asText());
    }
    return at;
  }

  private void stage(MachineDefinition definition, Path stage) {
    WholeFile.read(machines.directory(definition.name()).resolve("flake.lock"))
        .ifPresent(lock -> WholeFile.write(stage.resolve("flake.lock"), lock, 0644));
    String text =
        MachineFlake.generate(
            definition,
            new MachineFlake.Surroundings(
                "path:" + nix.driver(), settings.require(Setting.NIXPKGS), Nix.system(), "none"),
            places.of(definition.name()),
            "codchiExports = inputs.codchi_driver.lib.exports machine { hostName = "
                + NixText.string(definition.name().value())
                + "; };");
    WholeFile.write(
        stage.resolve("flake.nix"), text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0644);
  }
}
