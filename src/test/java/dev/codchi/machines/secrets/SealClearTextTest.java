package dev.codchi.machines.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Directories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealClearTextTest {
  @TempDir Path directory;

  private Vaults vaults;
  private SealClearText sealClearText;
  private VaultLocation web;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    vaults = SettingProcess.vaults(directory);
    Directories directories =
        new Directories(directory.resolve("config"), directory.resolve("data"));
    sealClearText = new SealClearText(() -> directories, vaults);
    web = VaultLocation.of(directories, "web");
    file = directories.machine("web").resolve("config.json");
    Files.createDirectories(file.getParent());
  }

  private void beta(String secrets) throws IOException {
    Files.writeString(
        file,
        """
        {"nixpkgs_from": "web", "modules": {"web": "github.com/example/web"}, "secrets": %s}
        """
            .formatted(secrets));
  }

  private String value(String name) {
    return vaults
        .read(
            web,
            vault -> {
              try (SecretValue value = vault.get(SecretId.env(name)).orElseThrow()) {
                return new String(value.bytes(), StandardCharsets.UTF_8);
              }
            })
        .orElseThrow();
  }

  @Test
  void findsNothingWhereThereIsNothing() throws IOException {
    assertThat(sealClearText.find()).isEmpty();
    beta("{}");
    assertThat(sealClearText.find()).isEmpty();
    Files.writeString(file, "not JSON");
    assertThat(sealClearText.find()).isEmpty();
    Files.writeString(file, "[1]");
    assertThat(sealClearText.find()).isEmpty();
  }

  @Test
  void sealsWhatTheBetaLeftAndKeepsTheRestOfTheFile() throws IOException {
    beta("{\"TOKEN\": \"glpat-1\", \"EMPTY\": \"\", \"USER\": \"al\\\"ice\"}");

    List<SealClearText.Found> found = sealClearText.find();
    assertThat(found)
        .containsExactly(new SealClearText.Found("web", file, List.of("TOKEN", "USER")));
    assertThat(sealClearText.seal(found.getFirst())).containsExactly("TOKEN", "USER");

    assertThat(value("TOKEN")).isEqualTo("glpat-1");
    assertThat(value("USER")).isEqualTo("al\"ice");
    assertThat(Files.readString(file))
        .contains("github.com/example/web")
        .doesNotContain("glpat-1")
        .doesNotContain("ice");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(sealClearText.find()).isEmpty();
  }

  @Test
  void losesNothingThatItCannotSeal() throws IOException {
    new SetSecret(vaults)
        .setAll(
            web,
            Map.of(
                SecretId.env("SAME"), SecretValue.ofText("same"),
                SecretId.env("OTHER"), SecretValue.ofText("newer")));
    beta(
        "{\"SAME\": \"same\", \"OTHER\": \"older\", \"no name\": \"odd\", \"NUL\": \"a\\u0000b\"}");

    assertThat(sealClearText.seal(sealClearText.find().getFirst())).containsExactly("SAME");

    assertThat(value("OTHER")).isEqualTo("newer");
    assertThat(sealClearText.find().getFirst().names()).containsExactly("NUL", "OTHER", "no name");
  }
}
