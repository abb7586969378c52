package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineFlakeTest {
  static final MachineFlake.Surroundings SURROUNDINGS =
      new MachineFlake.Surroundings(
          "path:/config/driver/0123abcd",
          "github:NixOS/nixpkgs/nixos-25.05",
          "x86_64-linux",
          "lxd");

  static MachineDefinition.Module module(String name, String reference, String attribute) {
    return new MachineDefinition.Module(
        name, FlakeReference.parse(reference).reference(), ModuleAttribute.parse(attribute));
  }

  static MachineDefinition empty() {
    return MachineDefinition.empty(MachineName.of("web"), Instant.parse("2026-01-02T03:04:05Z"));
  }

  static MachineDefinition full() {
    return new MachineDefinition(
        MachineName.of("Web-2"),
        List.of(
            module("backend", "https://github.com/o/backend/tree/main/nix", "default"),
            module("self", "git@git.example.com:team/self.git", "codchiModules.dev"),
            module("nixpkgs", "gitlab:g%2Fs/nixpkgs?host=gitlab.example.com", "nixosModules.if"),
            module("local_1", "local:my%20project?dir=a", "nixosModules.\"a.b${c}\\\"d\""),
            module("2", "/srv/${x}/\"q\"\\b", "x-y'z")),
        new MachineDefinition.Nixpkgs.Follows("backend"),
        Instant.parse("2026-01-02T03:04:05Z"),
        Map.of("built", "sha256-abc", "a", "b"));
  }

  static String golden(String name) throws IOException {
    try (InputStream file = MachineFlakeTest.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void writesAnEmptyMachine() throws IOException {
    assertThat(MachineFlake.generate(empty(), SURROUNDINGS, new FixedPlaces(false)))
        .isEqualTo(golden("empty-flake.nix"));
  }

  @Test
  void writesModulesOfEveryKind() throws IOException {
    assertThat(MachineFlake.generate(full(), SURROUNDINGS, new FixedPlaces(false)))
        .isEqualTo(golden("full-flake.nix"));
  }

  @Test
  void escapesSoThatNothingIsInterpolated() {
    assertThat(NixText.string("${a} $${b} $c \\ \" \n\r\t ''"))
        .isEqualTo("\"\\${a} $\\${b} $c \\\\ \\\" \\n\\r\\t ''\"");
  }
}
