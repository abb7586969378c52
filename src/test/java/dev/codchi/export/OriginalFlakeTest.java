package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginalFlakeTest {
  private static final String FLAKE =
      """
      {
        inputs = {
          codchi_driver.url = "github:aformatik/codchi/master";
          "tools".url = "github:acme/tools?host=github.com";
          "web".url = "git+https://user:s3cret@git.example.org/team/web.git?ref=main";
          "notes".url = "git+file:///data/machine/old/work/notes?";
          "odd".url = "github:acme/odd";
        };
        outputs = inputs: {
          nixosConfigurations.nixos = inputs."tools".inputs.nixpkgs.lib.nixosSystem {
            system = "x86_64-linux";
            modules = [
              {
                   _module.args.inputs.nixpkgs = inputs."tools".inputs.nixpkgs;
                   codchi.driver.name = "none";
              }
              inputs.codchi_driver.nixosModules.default
              inputs."web".nixosModules.default
              inputs."tools".nixosModules.secrets
              inputs."notes".codchiModules.base
              inputs."odd".somethingElse.entirely
            ];
          };
        };
      }
      """;

  @Test
  void names_the_modules_in_their_order_without_codchis_own() {
    assertThat(OriginalFlake.modules(FLAKE))
        .containsExactly(
            new OriginalFlake.Module(
                "git+https://git.example.org/team/web.git?ref=main",
                Optional.of("nixosModules.default"),
                true),
            new OriginalFlake.Module(
                "github:acme/tools?host=github.com", Optional.of("nixosModules.secrets"), false),
            new OriginalFlake.Module("local:work/notes", Optional.of("codchiModules.base"), false),
            new OriginalFlake.Module("github:acme/odd", Optional.empty(), false));
  }

  @Test
  void the_nixpkgs_of_a_flake_is_no_module() {
    assertThat(
            OriginalFlake.modules(
                "{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\"; inputs.m.url = \"github:a/b\"; }"))
        .isEqualTo(List.of(new OriginalFlake.Module("github:a/b", Optional.empty(), false)));
    assertThat(OriginalFlake.modules("")).isEmpty();
  }
}
