package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What codchi writes for nix, read by nix's own parsers. Skipped without nix. */
class NixParsesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COMMIT = "1".repeat(40);

  @TempDir private Path directory;
  private RealNix nix;

  @BeforeEach
  void findNix() {
    Optional<RealNix> found = RealNix.find();
    assumeTrue(found.isPresent(), "skipped: no nix; put it on the PATH or set CODCHI_TEST_NIX");
    nix = found.get();
  }

  @Test
  void nixReadsEveryReferenceOfTheTableAsItIsMeant() throws Exception {
    Set<ReferenceTable.Row> rows =
        ReferenceTable.rows().collect(Collectors.toCollection(LinkedHashSet::new));
    List<String> urls = rows.stream().map(ReferenceTable.Row::nix).toList();
    String list = urls.stream().map(NixText::string).collect(Collectors.joining(" "));
    JsonNode parsed =
        JSON.readTree(
            evaluate(
                "map (url: { inherit url; attrs = builtins.parseFlakeRef url; }) [ "
                    + list
                    + " ]"));

    assertThat(parsed).hasSize(rows.size());
    int index = 0;
    for (ReferenceTable.Row row : rows) {
      JsonNode attributes = parsed.get(index++).path("attrs");
      assertThat(meaning(attributes))
          .as("%s as %s", row.nix(), attributes)
          .isEqualTo(meaning(FlakeReference.parse(row.pasted()).reference(), row.nix()));
    }
  }

  /** The page says of each address what codchi keeps and what nix makes of it, in nix's words. */
  @Test
  void thePageShowsHowNixReadsAddresses() throws Exception {
    List<String> page =
        Files.readAllLines(Path.of(System.getProperty("codchi.basedir", "."), "docs/modules.md"))
            .stream()
            .dropWhile(line -> !line.equals("| typed | kept | nix reads |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(page).hasSizeGreaterThan(30);
    List<ReferenceTable.Row> rows = ReferenceTable.rows().toList();
    List<ReferenceTable.Row> shown =
        page.stream()
            .map(line -> line.substring(3, line.indexOf("` |")).replace("1111111…", COMMIT))
            .map(typed ->
                rows.stream().filter(row -> row.pasted().equals(typed)).findFirst().orElseThrow())
            .toList();
    String list =
        shown.stream().map(row -> NixText.string(row.nix())).collect(Collectors.joining(" "));
    JsonNode parsed = JSON.readTree(evaluate("map builtins.parseFlakeRef [ " + list + " ]"));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      ReferenceTable.Row row = shown.get(i);
      String kept = FlakeReference.parse(row.pasted()).reference().print();
      expected.add(
          "| `%s` | `%s` | %s |"
              .formatted(row.pasted(), kept, reading(parsed.get(i)))
              .replace(COMMIT, "1111111…"));
    }
    assertThat(page).isEqualTo(expected);
  }

  private static String reading(JsonNode attributes) {
    String others =
        attributes.properties().stream()
            .filter(each -> !each.getKey().equals("type"))
            .map(each -> each.getKey() + " `" + each.getValue().asText() + "`")
            .collect(Collectors.joining(", "));
    return "**" + attributes.path("type").asText() + "** " + others;
  }

  @Test
  void nixPrintsForgeReferencesThatCodchiReads() throws Exception {
    List<String> urls =
        List.of(
            "github:o/r/main",
            "github:o/r?dir=a%20b&ref=x/y",
            "gitlab:g/r",
            "sourcehut:~u/r/v1",
            "git+https://h/r?ref=main&shallow=1",
            "path:/a%20b?dir=c");
    String list = urls.stream().map(NixText::string).collect(Collectors.joining(" "));
    JsonNode printed =
        JSON.readTree(
            evaluate(
                "map (url: builtins.flakeRefToString (builtins.parseFlakeRef url)) [ "
                    + list
                    + " ]"));
    for (int i = 0; i < urls.size(); i++) {
      assertThat(FlakeReference.parse(printed.get(i).textValue()).reference())
          .isEqualTo(FlakeReference.parse(urls.get(i)).reference());
    }
  }

  @Test
  void nixReadsTheGeneratedFlakeAndItsInputs() throws Exception {
    for (MachineDefinition definition :
        List.of(MachineFlakeTest.empty(), MachineFlakeTest.full())) {
      Path file = directory.resolve("flake.nix");
      Files.writeString(
          file,
          MachineFlake.generate(definition, MachineFlakeTest.SURROUNDINGS, new FixedPlaces(false)));
      JsonNode inputs =
          JSON.readTree(
              evaluate(
                  "let inputs = (import %s).inputs; in inputs // { names = map (n: builtins.parseFlakeRef (inputs.${n}.url or \"path:/follows\")) (builtins.attrNames inputs); }"
                      .formatted(file)));
      assertThat(inputs.path("codchi_driver").path("url").textValue())
          .isEqualTo("path:/config/driver/0123abcd");
      for (MachineDefinition.Module module : definition.modules()) {
        assertThat(inputs.path(MachineFlake.inputName(module.name())).path("url").textValue())
            .isEqualTo(module.reference().toNix(new FixedPlaces(false)));
      }
      assertThat(inputs.path("names")).hasSize(2 + definition.modules().size());
    }
  }

  @Test
  void theGeneratedFlakeGivesTheModulesToTheDriver() throws Exception {
    Path file = directory.resolve("flake.nix");
    Files.writeString(
        file,
        MachineFlake.generate(
            MachineFlakeTest.full(), MachineFlakeTest.SURROUNDINGS, new FixedPlaces(false)));
    JsonNode result =
        JSON.readTree(
            evaluate(
                """
                let
                  flake = import %s;
                  outputs = flake.outputs {
                    nixpkgs = "the nixpkgs";
                    codchi_driver.lib.codeMachine = arguments: {
                      config.system.build.toplevel = arguments;
                    };
                    m-backend.nixosModules.default = "one";
                    m-self.codchiModules.dev = "two";
                    m-nixpkgs.nixosModules."if" = "three";
                    m-local_1.nixosModules."a.b\\${c}\\"d" = "four";
                    m-2.nixosModules.x-y'z = "five";
                  };
                in
                outputs.packages.x86_64-linux.default
                """
                    .formatted(file)));
    assertThat(result)
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "driver": "lxd",
                  "modules": ["one", "two", "three", "four", "five"],
                  "nixpkgs": "the nixpkgs",
                  "system": "x86_64-linux"
                }
                """));
  }

  @Test
  void nixReadsEscapedTextAsItWas() throws Exception {
    String text = "${a} $${b} $$$c \\ \" \n\r\t '' ''${x} ü \\${y}";
    assertThat(JSON.readTree(evaluate(NixText.string(text))).textValue()).isEqualTo(text);
  }

  private String evaluate(String expression) throws Exception {
    return nix.run(
        directory,
        List.of("eval", "--store", "dummy://", "--impure", "--json", "--expr", expression));
  }

  /** What the reference is about: kind, place, state and directory. */
  private static String meaning(JsonNode attributes) {
    String type = attributes.path("type").textValue();
    String place =
        switch (type) {
          case "github", "gitlab", "sourcehut" ->
              attributes.path("host").asText("")
                  + " "
                  + attributes.path("owner").textValue()
                  + "/"
                  + attributes.path("repo").textValue();
          case "path" -> attributes.path("path").textValue();
          default -> attributes.path("url").textValue();
        };
    return "%s %s ref=%s rev=%s dir=%s"
        .formatted(
            type,
            place,
            attributes.path("ref").asText(""),
            attributes.path("rev").asText(""),
            attributes.path("dir").asText(""));
  }

  private static String meaning(FlakeReference reference, String nix) {
    String ref = reference.pin().ref().orElse("");
    String place;
    String type;
    FlakeReference meant = reference;
    if (reference instanceof FlakeReference.OfForge forge && nix.startsWith("git+")) {
      meant = ForgeText.asGit(forge);
    }
    switch (meant) {
      case FlakeReference.GitHub r -> {
        type = "github";
        place =
            (r.host().equals("github.com") ? "" : r.host())
                + " "
                + r.owner()
                + "/"
                + r.repository();
      }
      case FlakeReference.GitLab r -> {
        type = "gitlab";
        place =
            (r.host().equals("gitlab.com") ? "" : r.host())
                + " "
                + r.owner()
                + "/"
                + r.repository();
      }
      case FlakeReference.Sourcehut r -> {
        type = "sourcehut";
        place =
            (r.host().equals("git.sr.ht") ? "" : r.host()) + " " + r.owner() + "/" + r.repository();
        ref = ref.replaceFirst("^refs/tags/", "");
      }
      case FlakeReference.OfGit r -> {
        type = "git";
        place = r.cloneUrl();
      }
      case FlakeReference.Tarball r -> {
        type = "tarball";
        place = r.url();
      }
      case FlakeReference.Local r -> {
        type = "git";
        place = "file:///data/machine/web/" + UrlText.path(r.path());
      }
      case FlakeReference.HostPath r -> {
        boolean git = nix.startsWith("git+");
        type = git ? "git" : "path";
        place = git ? "file:///host" + UrlText.path(r.path()) : "/host" + r.path();
      }
    }
    return "%s %s ref=%s rev=%s dir=%s"
        .formatted(type, place, ref, reference.pin().commit().orElse(""), reference.directory());
  }
}
