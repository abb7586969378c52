package dev.codchi.machines.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretDeclaration.InFile;
import dev.codchi.machines.secrets.SecretDeclaration.InVariable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclaredSecretsTest {
  private static final String ENV =
      """
      {"name": "TOKEN", "variable": "CODCHI_TOKEN", "file": "/run/codchi/secrets/env/TOKEN",
       "description": "From your settings.\\n", "optional": false}\
      """;
  private static final String FILE =
      """
      {"name": "tls.key", "path": "/run/codchi/secrets/files/tls.key", "owner": "root",
       "group": "users", "mode": "0440", "description": "", "optional": true,
       "generator": {"format": "hex", "length": 64}}\
      """;

  private static String document(String env, String files) {
    return "{\"schema\": 1, \"env\": [" + env + "], \"files\": [" + files + "]}";
  }

  private static java.util.List<SecretDeclaration> parse(String json) {
    return DeclaredSecrets.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatTheMachineDriverWrites() {
    assertThat(parse(document(ENV, FILE)))
        .containsExactly(
            new SecretDeclaration(
                SecretId.env("TOKEN"),
                "From your settings.",
                true,
                new InVariable("CODCHI_TOKEN", "/run/codchi/secrets/env/TOKEN"),
                Optional.empty()),
            new SecretDeclaration(
                SecretId.file("tls.key"),
                "",
                false,
                new InFile("/run/codchi/secrets/files/tls.key", "root", "users", 0440),
                Optional.of(new SecretGenerator(SecretGenerator.Format.HEX, 64))));
    assertThat(parse(document("", ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"schema\": 2, \"env\": [], \"files\": []}",
        "{\"schema\": 1, \"env\": []}",
        "{\"schema\": 1, \"env\": [], \"files\": {}}",
        "{\"schema\": 1, \"env\": [], \"files\": [], \"values\": []}",
        "{\"schema\": 1, \"env\": [7], \"files\": []}",
        "{\"schema\": 1, \"env\": [], \"env\": [], \"files\": []}",
        "{\"schema\": 1, \"env\": [], \"files\": []} x",
      })
  void refusesAnotherShape(String json) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> parse(json))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.BAD_DECLARATION));
  }

  @Test
  void reportsAllMistakesAtOnce() {
    String wrong =
        FILE.replace("tls.key\", \"path", "../x\", \"path")
            .replace("0440", "rw")
            .replace("\"root\"", "\"ro ot\"")
            .replace("/run/codchi/secrets/files/tls.key", "/run/../etc/passwd")
            .replace("64", "4");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> parse(document(ENV + "," + ENV, wrong)))
        .satisfies(failure ->
            assertThat(failure.why())
                .contains("'mode'")
                .contains("'owner'")
                .contains("'path'")
                .contains("'generator'")
                .contains("declared twice"));
  }

  @Test
  void refusesNamesThatNoSecretCanHave() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> parse(document(ENV.replace("\"TOKEN\"", "\"A-B\""), "")))
        .satisfies(failure -> assertThat(failure.why()).contains("'A-B' cannot be the name"));
  }

  @Test
  void makesValuesOfTheDeclaredForm() {
    for (SecretGenerator.Format format : SecretGenerator.Format.values()) {
      SecretGenerator generator = new SecretGenerator(format, 40);
      try (SecretValue first = generator.generate();
          SecretValue second = generator.generate()) {
        assertThat(first.length()).isEqualTo(40);
        assertThat(first).isNotEqualTo(second);
        assertThat(new String(first.bytes(), StandardCharsets.US_ASCII))
            .matches(format == SecretGenerator.Format.HEX ? "[0-9a-f]+" : "[A-Za-z0-9+/]+");
      }
    }
  }
}
