package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineDefinitionTest {
  @Test
  void writesTheSameBytesAndReadsThemBack() throws IOException {
    String text = MachineDefinitionJson.write(MachineFlakeTest.full());
    assertThat(text).isEqualTo(MachineFlakeTest.golden("full-machine.json"));
    assertThat(MachineDefinitionJson.read(text, "machine.json")).isEqualTo(MachineFlakeTest.full());
    assertThat(
            MachineDefinitionJson.read(
                MachineDefinitionJson.write(MachineFlakeTest.empty()), "machine.json"))
        .isEqualTo(MachineFlakeTest.empty());
  }

  @Test
  void listsEveryProblemAtOnce() {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                MachineDefinitionJson.read(
                    """
                    {
                      "version": 0,
                      "name": "a b",
                      "colour": "red",
                      "modules": [
                        {"name": "x/y", "reference": "github:o", "attribute": 3},
                        7,
                        {"name": "m", "reference": "./here", "attribute": "default", "extra": 1},
                        {"name": "n", "reference": "https://u:s3cret@github.com/o/r",
                          "attribute": "default"}
                      ],
                      "nixpkgs": {"from": "elsewhere"},
                      "created": "yesterday",
                      "facts": {"n": 1}
                    }
                    """,
                    "web/machine.json"));
    assertThat(failure.code()).isEqualTo(FailureCode.MACHINE_BROKEN);
    assertThat(failure.what()).isEqualTo("web/machine.json cannot be read");
    assertThat(String.valueOf(failure.why()).split("; ", -1))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).isEqualTo("'version' is not 1"),
            p -> assertThat(p).isEqualTo("'colour' is unknown"),
            p -> assertThat(p).startsWith("'name': 'a b' is not a machine name, a space"),
            p -> assertThat(p).startsWith("'modules[0].name': 'x/y' is not a name for a module"),
            p -> assertThat(p).startsWith("'modules[0].reference': 'github:o' is not a flake"),
            p -> assertThat(p).isEqualTo("'modules[0].attribute' is not a text"),
            p -> assertThat(p).isEqualTo("'modules[1]' is not an object"),
            p -> assertThat(p).isEqualTo("'modules[2].extra' is unknown"),
            p -> assertThat(p).startsWith("'modules[2].reference': A machine's module cannot be"),
            p -> assertThat(p).startsWith("'modules[3].reference': The reference has credentials"),
            p -> assertThat(p).startsWith("'nixpkgs.from' is neither"),
            p -> assertThat(p).startsWith("'created': it is not a time"),
            p -> assertThat(p).isEqualTo("'facts.n' is not a text"));
    assertThat(failure.why()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``              | not a JSON object",
        "[]              | not a JSON object",
        "null            | not a JSON object",
        "{               | line 1, column 2",
        "{\"a\":1,\"a\":2} | Duplicate field 'a'",
        "{} {}           | Trailing token",
        "{}              | 'modules' is not a list",
      })
  void saysWhereAFileIsNoJson(String text, String reason) {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> MachineDefinitionJson.read(text, "m.json"));
    assertThat(failure.code()).isEqualTo(FailureCode.MACHINE_BROKEN);
    assertThat(failure.why()).contains(reason);
  }

  @Test
  void refusesAFileOfANewerVersionWithoutReadingOn() {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () -> MachineDefinitionJson.read("{\"version\": 2, \"new\": []}", "m.json"));
    assertThat(failure.what()).isEqualTo("m.json is of a newer codchi");
    assertThat(failure.why()).isEqualTo("it has version 2, and this codchi knows up to 1");
    assertThat(failure.nextStep()).contains("Update codchi");
  }

  @Test
  void nixpkgsFollowsAModuleThatIsThere() {
    MachineDefinition full = MachineFlakeTest.full();
    Failure failure = catchThrowableOfType(Failure.class, () -> full.withoutModule("backend"));
    assertThat(failure.why()).isEqualTo("the machine's nixpkgs follows it");
    assertThat(
            full.withNixpkgs(new MachineDefinition.Nixpkgs.Default())
                .withoutModule("backend")
                .module("backend"))
        .isEmpty();
    failure =
        catchThrowableOfType(
            Failure.class, () -> full.withNixpkgs(new MachineDefinition.Nixpkgs.Follows("gone")));
    assertThat(failure.code()).isEqualTo(FailureCode.NO_SUCH_MODULE);

    MachineDefinition renamed =
        full.withReplaced(
            "backend", MachineFlakeTest.module("api", "local:backend", "nixosModules.default"));
    assertThat(renamed.nixpkgs()).isEqualTo(new MachineDefinition.Nixpkgs.Follows("api"));
    assertThat(renamed.modules().getFirst().name()).isEqualTo("api");
  }

  @Test
  void moduleNamesAreUnique() {
    MachineDefinition full = MachineFlakeTest.full();
    var twin = MachineFlakeTest.module("backend", "github:o/r", "default");
    assertThat(catchThrowableOfType(Failure.class, () -> full.withModule(twin)).code())
        .isEqualTo(FailureCode.MODULE_EXISTS);
    assertThat(catchThrowableOfType(Failure.class, () -> full.withReplaced("self", twin)).code())
        .isEqualTo(FailureCode.MODULE_EXISTS);
    assertThat(catchThrowableOfType(Failure.class, () -> full.withoutModule("gone")).code())
        .isEqualTo(FailureCode.NO_SUCH_MODULE);
  }

  @ParameterizedTest
  @CsvSource({
    "github:o/my.repo, default, '', my-repo",
    "github:o/r, default, r, r-2",
    "github:o/r, dev, r, r-dev",
    "github:o/r, dev, r;r-dev, r-2",
    "github:o/r, default, r;r-2, r-3",
    "github:o/.-, default, '', default",
    "local:büro, default, '', b-ro",
  })
  void derivesFreeNames(String reference, String attribute, String taken, String name) {
    assertThat(
            ModuleName.derive(
                FlakeReference.parse(reference).reference(),
                ModuleAttribute.parse(attribute),
                Set.of(taken.split(";", -1))))
        .isEqualTo(name);
  }

  @Test
  void choosesTheModuleThatIsMeant() {
    var nixos = ModuleAttribute.parse("nixosModules.default");
    var codchi = ModuleAttribute.parse("codchiModules.default");
    var dev = ModuleAttribute.parse("nixosModules.dev");
    assertThat(ModuleAttribute.choose(java.util.List.of(dev), Optional.empty())).isEqualTo(dev);
    assertThat(ModuleAttribute.choose(java.util.List.of(dev, nixos), Optional.empty()))
        .isEqualTo(nixos);
    assertThat(ModuleAttribute.choose(java.util.List.of(nixos, codchi), Optional.empty()))
        .isEqualTo(codchi);
    assertThat(ModuleAttribute.choose(java.util.List.of(nixos, codchi), Optional.of("default")))
        .isEqualTo(codchi);
    assertThat(
            ModuleAttribute.choose(
                java.util.List.of(nixos, codchi), Optional.of("nixosModules.default")))
        .isEqualTo(nixos);
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () -> ModuleAttribute.choose(java.util.List.of(nixos, dev), Optional.of("x")));
    assertThat(failure.code()).isEqualTo(FailureCode.NIX_NO_MODULE);
    assertThat(failure.why()).isEqualTo("it offers nixosModules.default, nixosModules.dev");
    assertThat(
            catchThrowableOfType(
                    Failure.class,
                    () -> ModuleAttribute.choose(java.util.List.of(), Optional.empty()))
                .what())
        .isEqualTo("The flake offers no module");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nixosModules.", "a.b", "a b", "x\n", "nixosModules.a/b"})
  void refusesWhatIsNoModule(String text) {
    assertThat(catchThrowableOfType(Failure.class, () -> ModuleAttribute.parse(text)).code())
        .isEqualTo(FailureCode.BAD_REFERENCE);
  }

  @ParameterizedTest
  @CsvSource({
    "dev, nixosModules.dev",
    "codchiModules.x-y, codchiModules.x-y",
    "'nixosModules.\"a.b\"', 'nixosModules.\"a.b\"'",
    "'nixosModules.\"in\"', 'nixosModules.\"in\"'",
    "in, 'nixosModules.\"in\"'",
    "1st, 'nixosModules.\"1st\"'",
  })
  void printsModulesAsNixWritesThem(String text, String printed) {
    assertThat(ModuleAttribute.parse(text).print()).isEqualTo(printed);
    assertThat(ModuleAttribute.parse(printed)).isEqualTo(ModuleAttribute.parse(text));
  }
}
