package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.delivery.EnvironmentFile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchivedSecretsTest {
  @Test
  void come_back_as_they_were_written() {
    Map<String, SecretValue> written = new LinkedHashMap<>();
    written.put("CODCHI_MACHINE_NAME", SecretValue.ofText("web"));
    written.put("CODCHI_TOKEN", SecretValue.ofText("it's $HOME \"quoted\"\nCODCHI_NO=line"));
    written.put("CODCHI_EMPTY", SecretValue.ofText(""));
    written.put("OTHER", SecretValue.ofText("no secret"));
    Map<SecretId, SecretValue> read =
        ArchivedSecrets.ofEnvironment(EnvironmentFile.render(written));
    assertThat(read)
        .containsOnly(
            Map.entry(
                SecretId.env("TOKEN"), SecretValue.ofText("it's $HOME \"quoted\"\nCODCHI_NO=line")),
            Map.entry(SecretId.env("EMPTY"), SecretValue.ofText("")));
  }

  @Test
  void of_the_original_codchi_are_what_it_wrote_between_quotation_marks() {
    String file =
        """
        export CODCHI_DEBUG=""
        export CODCHI_TOKEN="it's $HOME "quoted" here"
        export CODCHI_KEY="two
        lines"
        export CODCHI_MACHINE_NAME="old"
        export CODCHI_lower-case="no name of a variable"
        """;
    assertThat(ArchivedSecrets.ofOriginal(file.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .containsOnly(
            Map.entry(SecretId.env("TOKEN"), SecretValue.ofText("it's $HOME \"quoted\" here")),
            Map.entry(SecretId.env("KEY"), SecretValue.ofText("two\nlines")));
  }

  @Test
  void a_damaged_file_ends_where_it_ends() {
    assertThat(
            ArchivedSecrets.ofEnvironment(
                "CODCHI_A='x".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasSize(1);
    assertThat(
            ArchivedSecrets.ofEnvironment(
                "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEmpty();
  }
}
