package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns what a user names (a repository, modules in it) into a machine's definition, asking the
 * repository what it offers.
 */
@ApplicationScoped
public class DescribeMachine {
  private static final String OFFERS =
      "let f = builtins.getFlake %s; names = set: builtins.attrNames set; in"
          + " { codchiModules = names (f.codchiModules or { }); nixosModules = names (f.nixosModules or { }); }";

  private final Nix nix;
  private final SourceDirectories sources;

  DescribeMachine(Nix nix, SourceDirectories sources) {
    this.nix = nix;
    this.sources = sources;
  }

  /** A machine without any module. */
  public MachineDefinition empty(MachineName machine) {
    return MachineDefinition.empty(machine, Instant.now());
  }

  /**
   * A machine from the modules of one flake.
   *
   * @param url anything that {@link FlakeReference#parse} reads
   * @param wanted the modules' attributes; empty for the only one, or the one called {@code
   *     default}
   * @throws Failure {@code BAD_REFERENCE}, {@code NIX_*}
   */
  public MachineDefinition from(
      MachineName machine, String url, List<String> wanted, Progress progress) {
    ParsedReference parsed = FlakeReference.parse(url);
    parsed.remarks().forEach(progress::note);
    FlakeReference reference = absolute(parsed.reference());
    nix.prepare(progress);
    sources.share(List.of(reference));
    List<ModuleAttribute> offered = offers(machine, reference, progress);
    List<ModuleAttribute> chosen = new ArrayList<>();
    List<String> names =
        wanted.isEmpty() ? parsed.module().map(List::of).orElse(List.of()) : wanted;
    if (names.isEmpty()) {
      chosen.add(ModuleAttribute.choose(offered, Optional.empty()));
    }
    for (String name : names) {
      chosen.add(ModuleAttribute.choose(offered, Optional.of(name)));
    }
    MachineDefinition definition = empty(machine);
    Set<String> taken = new HashSet<>();
    for (ModuleAttribute attribute : chosen) {
      String name = ModuleName.derive(reference, attribute, taken);
      taken.add(name);
      definition = definition.withModule(new MachineDefinition.Module(name, reference, attribute));
    }
    return definition;
  }

  /**
   * A host directory by its own name; one inside a git work tree as a part of that, because nix
   * looks for the repository itself.
   */
  private static FlakeReference absolute(FlakeReference reference) {
    if (!(reference instanceof FlakeReference.HostPath relative)) {
      return reference;
    }
    FlakeReference.HostPath host = relative.absolute(Path.of(""));
    Path directory = Path.of(host.path());
    Path repository = SourceDirectories.repository(directory);
    if (repository == null
        || repository.equals(directory)
        || host.kind() == FlakeReference.HostPath.Kind.PLAIN) {
      return host;
    }
    String inside = repository.relativize(directory).resolve(host.directory()).toString();
    return new FlakeReference.HostPath(repository.toString(), host.kind(), host.pin(), inside);
  }

  /**
   * Nix would take what it fetched within the last hour for the newest state; refreshing makes it
   * look.
   */
  private List<ModuleAttribute> offers(
      MachineName machine, FlakeReference reference, Progress progress) {
    String url = reference.toNix(sources.places(machine));
    try (Progress.Step _ = progress.begin("Looking at " + reference.print())) {
      String json =
          nix.run(
              List.of(
                  "eval",
                  "--refresh",
                  "--json",
                  "--impure",
                  "--expr",
                  OFFERS.formatted(NixText.string(url))),
              progress);
      JsonNode offers = new ObjectMapper().readTree(json);
      List<ModuleAttribute> offered = new ArrayList<>();
      for (ModuleAttribute.Output output : ModuleAttribute.Output.values()) {
        offers
            .path(output.attribute())
            .forEach(name -> offered.add(new ModuleAttribute(output, name.asText())));
      }
      return offered;
    } catch (IOException e) {
      throw Failure.of(
              FailureCode.NIX_EVALUATION, "nix did not say what " + reference.print() + " offers")
          .because(e.toString())
          .causedBy(e);
    }
  }
}
