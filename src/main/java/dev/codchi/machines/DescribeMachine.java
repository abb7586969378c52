package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.NixText;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns what a user names (a repository, modules in it) into a machine's definition, asking the repository what it offers. */
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
    return MachineDefinition.of(machine, List.of());
  }

  /**
   * A machine from the modules of one flake.
   *
   * @param url anything that {@link FlakeReference#parse} reads
   * @param wanted the modules' attributes; empty for the only one, or the one called {@code default}
   * @throws Failure {@code BAD_REFERENCE}, {@code NIX_*}
   */
  public MachineDefinition from(MachineName machine, String url, List<String> wanted, Progress progress) {
    ParsedReference parsed = FlakeReference.parse(url);
    parsed.remarks().forEach(progress::note);
    nix.prepare(progress);
    List<ModuleAttribute> offered = offers(machine, parsed.reference(), progress);
    List<ModuleAttribute> chosen = new ArrayList<>();
    List<String> names = wanted.isEmpty() ? parsed.module().map(List::of).orElse(List.of()) : wanted;
    if (names.isEmpty()) {
      chosen.add(ModuleAttribute.choose(offered, Optional.empty()));
    }
    for (String name : names) {
      chosen.add(ModuleAttribute.choose(offered, Optional.of(name)));
    }
    return MachineDefinition.of(machine, MachineModules.from(parsed.reference(), chosen));
  }

  private List<ModuleAttribute> offers(MachineName machine, FlakeReference reference, Progress progress) {
    String url = reference.toNix(sources.of(machine, reference));
    try (Progress.Step step = progress.begin("Looking at " + reference.print())) {
      String json =
          nix.run(List.of("eval", "--json", "--impure", "--expr", OFFERS.formatted(NixText.quote(url))), progress);
      JsonNode offers = new ObjectMapper().readTree(json);
      List<ModuleAttribute> offered = new ArrayList<>();
      for (ModuleAttribute.Output output : ModuleAttribute.Output.values()) {
        offers.path(output.attribute()).forEach(name -> offered.add(new ModuleAttribute(output, name.asText())));
      }
      return offered;
    } catch (IOException e) {
      throw Failure.of(FailureCode.NIX_EVALUATION, "nix did not say what " + reference.print() + " offers")
          .because(e.toString())
          .causedBy(e);
    }
  }
}
