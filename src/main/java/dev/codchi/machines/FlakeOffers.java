package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.NixAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asks a repository what it offers; its modules are not evaluated for that. */
@ApplicationScoped
class FlakeOffers {
  private static final String OFFERS =
      "let f = builtins.getFlake %s; names = set: builtins.attrNames set; in"
          + " { codchiModules = names (f.codchiModules or { });"
          + " nixosModules = names (f.nixosModules or { }); nixpkgs = f.inputs ? nixpkgs; }";

  private final Nix nix;
  private final SourceDirectories sources;
  private final StorePlaces places;
  private final RepositoryTokens tokens;

  FlakeOffers(Nix nix, SourceDirectories sources, StorePlaces places, RepositoryTokens tokens) {
    this.places = places;
    this.nix = nix;
    this.sources = sources;
    this.tokens = tokens;
  }

  /**
   * What the flake offers; the store is started if need be. Nix would take what it fetched within
   * the last hour for the newest state; refreshing makes it look.
   *
   * @throws Failure {@code NIX_*}
   */
  FlakeOffer read(MachineName machine, FlakeReference reference, Progress progress) {
    nix.prepare(progress);
    sources.share(List.of(reference));
    String url = reference.toNix(places.of(machine));
    try (NixAccess access = tokens.open(machine, List.of(reference));
        Progress.Step _ = progress.begin("Looking at " + reference.print())) {
      String json =
          nix.run(
              List.of(
                  "eval",
                  "--refresh",
                  "--json",
                  "--impure",
                  "--expr",
                  OFFERS.formatted(NixText.string(url))),
              access,
              progress);
      JsonNode offers = JsonText.MAPPER.readTree(json);
      List<ModuleAttribute> modules = new ArrayList<>();
      for (ModuleAttribute.Output output : ModuleAttribute.Output.values()) {
        offers
            .path(output.attribute())
            .forEach(name -> modules.add(new ModuleAttribute(output, name.asText())));
      }
      return new FlakeOffer(modules, offers.path("nixpkgs").asBoolean());
    } catch (IOException e) {
      throw Failure.of(
              FailureCode.NIX_EVALUATION, "nix did not say what " + reference.print() + " offers")
          .because(e.toString())
          .causedBy(e);
    }
  }
}
