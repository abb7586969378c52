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

  private static final String LEFT =
      """
      {"modules": {
        "web": "https://Foo.example:8443/team/web.git?token=my:t%6Fken&ref=main#nixosModules.web",
        "db": "github://github.com/team/db?token=ghp_1#nixosModules.db",
        "lib": "gitlab://gitlab.com/team/lib?commit=0a&token=glpat-2#nixosModules.lib",
        "open": "https://bar.example/open.git?ref=v1#nixosModules.open",
        "keys": "ssh://bar.example/keys.git?token=git#nixosModules.keys",
        "home": "file://projects/web?#nixosModules.web"},
       "secrets": {"DATABASE": "https://me:pw@db.example/x"}}
      """;

  @Test
  void sealsTokensInAddressesAndKeepsTheAddresses() throws IOException {
    Files.writeString(file, LEFT);

    SealClearText.Found found = sealClearText.find().getFirst();
    assertThat(found.names())
        .containsExactly(
            "DATABASE", "token foo.example:8443", "token github.com", "token gitlab.com");
    assertThat(found.toString()).doesNotContain("ghp_1");
    assertThat(sealClearText.seal(found)).isEqualTo(found.names());

    assertThat(token("foo.example:8443")).isEqualTo("my:token");
    assertThat(token("github.com")).isEqualTo("ghp_1");
    assertThat(token("gitlab.com")).isEqualTo("glpat-2");
    assertThat(value("DATABASE")).isEqualTo("https://me:pw@db.example/x");
    assertThat(Files.readString(file))
        .contains("\"https://Foo.example:8443/team/web.git?ref=main#nixosModules.web\"")
        .contains("\"github://github.com/team/db?#nixosModules.db\"")
        .contains("\"gitlab://gitlab.com/team/lib?commit=0a&#nixosModules.lib\"")
        .contains("\"https://bar.example/open.git?ref=v1#nixosModules.open\"")
        .contains("\"ssh://bar.example/keys.git?token=git#nixosModules.keys\"")
        .contains("\"file://projects/web?#nixosModules.web\"")
        .doesNotContain("ghp_1")
        .doesNotContain("glpat")
        .doesNotContain("my:t");
    assertThat(sealClearText.find()).isEmpty();
  }

  @Test
  void sealsTokensInTheFlakeThatTheBetaMade() throws IOException {
    Path flake = file.resolveSibling("flake.nix");
    Path lock = file.resolveSibling("flake.lock");
    Files.writeString(
        flake, "{ inputs.web.url = \"git+https://my:token@foo.example/web.git?ref=main\"; }\n");
    Files.writeString(
        lock,
        """
        {"nodes": {"web": {"locked": {"type": "git", "url": "https://my:token@foo.example/web.git"},
         "original": {"type": "git", "url": "https://other:one@foo.example/web.git"}}}}
        """);

    List<SealClearText.Found> all = sealClearText.find();
    assertThat(all)
        .containsExactly(
            new SealClearText.Found("web", flake, List.of("token foo.example")),
            new SealClearText.Found("web", lock, List.of("token foo.example")));
    assertThat(sealClearText.seal(all.getFirst())).containsExactly("token foo.example");
    // Another token of the same server is for the person to judge.
    assertThat(sealClearText.seal(all.getLast())).isEmpty();

    assertThat(token("foo.example")).isEqualTo("my:token");
    assertThat(Files.readString(flake))
        .isEqualTo("{ inputs.web.url = \"git+https://foo.example/web.git?ref=main\"; }\n");
    assertThat(Files.readString(lock))
        .contains("\"https://foo.example/web.git\"")
        .contains("other:one@");
    assertThat(sealClearText.find())
        .containsExactly(new SealClearText.Found("web", lock, List.of("token foo.example")));
  }

  private String token(String server) {
    return vaults
        .read(
            web,
            vault -> {
              try (SecretValue value = vault.get(SecretId.token(server)).orElseThrow()) {
                return new String(value.bytes(), StandardCharsets.UTF_8);
              }
            })
        .orElseThrow();
  }
}
