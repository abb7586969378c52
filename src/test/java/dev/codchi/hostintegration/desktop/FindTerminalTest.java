package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindTerminalTest {
  private static final List<String> COMMAND = List.of("codchi", "launch", "web", "two words");

  @TempDir Path directory;

  private void install(String... programs) throws IOException {
    for (String program : programs) {
      Files.createFile(
          directory.resolve(program),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }

  private List<String> found(String... environment) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", directory.toString());
    for (int at = 0; at < environment.length; at += 2) {
      variables.put(environment[at], environment[at + 1]);
    }
    return new FindTerminal(variables).running("web", COMMAND).orElse(List.of());
  }

  @Test
  void the_persons_choice_comes_first() throws IOException {
    install("xterm", "konsole", "xdg-terminal-exec", "odd");
    assertThat(found("TERMINAL", "xterm", "XDG_CURRENT_DESKTOP", "KDE"))
        .startsWith("xterm", "-title", "web", "-e", "codchi");
    assertThat(found("TERMINAL", "odd --big")).startsWith("odd", "--big", "-e", "codchi");
    assertThat(found("TERMINAL", directory.resolve("xterm").toString()))
        .startsWith(directory.resolve("xterm").toString(), "-title", "web", "-e");
    assertThat(found("TERMINAL", "gone")).startsWith("xdg-terminal-exec", "codchi");
  }

  @Test
  void then_that_of_the_desktop() throws IOException {
    install("xterm", "konsole", "gnome-terminal", "x-terminal-emulator");
    assertThat(found("XDG_CURRENT_DESKTOP", "KDE")).startsWith("konsole", "-e", "codchi");
    assertThat(found("XDG_CURRENT_DESKTOP", "ubuntu:GNOME"))
        .startsWith("gnome-terminal", "--title", "web", "--", "codchi");
    assertThat(found()).startsWith("x-terminal-emulator", "-e", "codchi");
  }

  @Test
  void arguments_stay_apart_and_nothing_is_found_where_nothing_is() throws IOException {
    assertThat(found()).isEmpty();
    install("foot");
    assertThat(found())
        .containsExactly("foot", "--title", "web", "codchi", "launch", "web", "two words");
  }
}
