package dev.codchi.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NixAccessTest {
  @TempDir Path data;

  private NixAccess open(NixAccess.Login... logins) {
    return NixAccess.open(directories(), List.of(logins), Optional.empty(), new byte[0]);
  }

  private Directories directories() {
    return new Directories(data.resolve("config"), data);
  }

  private static NixAccess.Login login(
      String host, String user, NixAccess.Forge forge, boolean plain, boolean archives) {
    return new NixAccess.Login(host, user, "to/k:en".getBytes(UTF_8), forge, plain, archives);
  }

  private List<Path> files() throws IOException {
    Path all = data.resolve("store/access");
    if (!Files.exists(all)) {
      return List.of();
    }
    try (Stream<Path> found = Files.walk(all)) {
      return found.filter(Files::isRegularFile).toList();
    }
  }

  private String content(String name) throws IOException {
    for (Path file : files()) {
      if (file.endsWith(name)) {
        return Files.readString(file);
      }
    }
    throw new AssertionError("no file " + name);
  }

  @Test
  void every_program_gets_its_own_format() throws IOException {
    try (NixAccess access =
        open(
            login("github.com", "", NixAccess.Forge.GITHUB, false, false),
            login("git.example.com:8443", "me", NixAccess.Forge.GITLAB, true, true))) {
      assertThat(content("nix.conf"))
          .contains("access-tokens = github.com=to/k:en git.example.com:8443=PAT:to/k:en\n");
      assertThat(content("git-credentials"))
          .isEqualTo(
              """
              https://x-access-token:to%2Fk%3Aen@github.com
              https://me:to%2Fk%3Aen@git.example.com:8443
              http://me:to%2Fk%3Aen@git.example.com:8443
              """);
      // Only where archives are fetched, since a netrc is not bound to https.
      assertThat(content("netrc")).isEqualTo("machine git.example.com login me password to/k:en\n");
      assertThat(access.environment())
          .containsOnlyKeys("NIX_USER_CONF_FILES", "GIT_CONFIG_GLOBAL")
          .allSatisfy((name, value) -> assertThat(value).startsWith("/data/store/access/"));
    }
  }

  @Test
  void files_are_for_the_person_alone_and_go() throws IOException {
    NixAccess access = open(login("h", "", NixAccess.Forge.OTHER, false, false));
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
          .isEqualTo("rwx------");
    }
    access.close();
    access.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void without_anything_to_open_nothing_is_written() throws IOException {
    try (NixAccess access = open()) {
      assertThat(access.environment()).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void several_may_tidy_up_at_once() throws Exception {
    for (int each = 0; each < 100; each++) {
      Path killed = Files.createDirectories(data.resolve("store/access/999999999.1." + each));
      for (String name : List.of("nix.conf", "netrc", "git-credentials", "gitconfig")) {
        Files.createFile(killed.resolve(name));
      }
    }
    try (ExecutorService others = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> all =
          others.invokeAll(
              Collections.nCopies(
                  4,
                  () -> {
                    NixAccess.removeAbandoned(directories());
                    return true;
                  }));
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    }
    assertThat(data.resolve("store/access")).isEmptyDirectory();
  }

  @Test
  void what_a_killed_process_left_goes_and_what_a_living_one_has_stays() throws IOException {
    Path killed = Files.createDirectories(data.resolve("store/access/999999999.1.x"));
    Files.writeString(killed.resolve("netrc"), "machine h password p");
    try (NixAccess access = open(login("h", "", NixAccess.Forge.OTHER, false, false))) {
      NixAccess.removeAbandoned(directories());
      assertThat(killed).doesNotExist();
      assertThat(files()).hasSize(4);
      assertThat(access.environment()).isNotEmpty();
    }
  }
}
