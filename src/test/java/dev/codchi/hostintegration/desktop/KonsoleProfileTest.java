package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.machines.MachineName;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KonsoleProfileTest {
  private static final MachineName WEB = MachineName.of("web");

  @TempDir Path home;
  private XdgDirectories places;
  private KonsoleProfile profile;
  private Path file;

  @BeforeEach
  void places() {
    places = new XdgDirectories(home.resolve("share"), home.resolve("config"));
    profile = new KonsoleProfile(places, "codchi-web");
    file = home.resolve("share/konsole/codchi-web.profile");
  }

  private void write(String program) {
    profile.write(
        WEB, List.of(program, "launch", "web"), Path.of("/icons/codchi.svg"), Progress.SILENT);
  }

  @Test
  void wanted_where_konsole_is() throws IOException {
    Path programs = Files.createDirectory(home.resolve("bin"));
    Map<String, String> environment = Map.of("PATH", programs.toString());
    assertThat(KonsoleProfile.wanted(places, environment)).isFalse();
    Path program = Files.createFile(programs.resolve("konsole"));
    assertThat(KonsoleProfile.wanted(places, environment)).isFalse();
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(KonsoleProfile.wanted(places, environment)).isTrue();
    Files.delete(program);
    Files.createDirectories(places.konsole());
    assertThat(KonsoleProfile.wanted(places, environment)).isTrue();
  }

  @Test
  void opens_a_shell_and_goes_again() throws IOException {
    write("/data/bin/codchi");
    assertThat(file)
        .hasContent(
            """
            [General]
            Command=/data/bin/codchi launch web
            Icon=/icons/codchi.svg
            Name=codchi-web
            Parent=FALLBACK/
            X-Codchi-Machine=web
            """);
    profile.remove();
    assertThat(file).doesNotExist();
    profile.remove();
  }

  @Test
  void odd_paths_are_quoted_for_konsole_and_escaped_for_its_files() {
    write("/a b/it's/codchi");
    assertThat(file).content().contains("Command='/a b/it'\\\\''s/codchi' launch web\n");
  }

  @Test
  void a_path_that_konsole_would_change_gets_no_profile() {
    write("/a$HOME/codchi");
    assertThat(file).doesNotExist();
  }

  @Test
  void what_its_owner_chose_stays_as_long_as_the_command_does() throws IOException {
    write("/data/bin/codchi");
    String chosen = Files.readString(file) + "\n[Appearance]\nColorScheme=Linux\n";
    Files.writeString(file, chosen);
    write("/data/bin/codchi");
    assertThat(file).hasContent(chosen);
    write("/elsewhere/bin/codchi");
    assertThat(file).content().contains("Command=/elsewhere/bin/codchi launch web");
  }

  @Test
  void the_profile_of_somebody_else_stays() throws IOException {
    Files.createDirectories(places.konsole());
    Files.writeString(file, "[General]\nName=codchi-web\n");
    write("/data/bin/codchi");
    profile.remove();
    assertThat(file).hasContent("[General]\nName=codchi-web\n");
  }
}
