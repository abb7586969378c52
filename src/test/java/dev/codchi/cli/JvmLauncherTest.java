package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of the JVM form, with a JDK that tells how it was started. */
@Timeout(60)
class JvmLauncherTest {
  @TempDir Path home;

  @BeforeEach
  void makeJdk() throws IOException {
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        echo "LC_ALL=${LC_ALL-none} LC_CTYPE=${LC_CTYPE-none}"
        printf '%s\\n' "$@"
        """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  private List<String> launched(Map<String, String> locale) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "src/main/launcher/codchi", "exec", "two words"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().putAll(locale);
    builder.environment().put("JAVA_HOME", home.toString());
    try (var lines = builder.start().inputReader()) {
      return lines.readAllLines();
    }
  }

  @Test
  void java_gets_a_charset_that_has_all_names_where_the_locale_has_none() throws IOException {
    List<String> lines = launched(Map.of());
    assertThat(lines.getFirst()).isEqualTo("LC_ALL=none LC_CTYPE=C.UTF-8");
    assertThat(lines).contains("-Dcodchi.given.LC_CTYPE=").endsWith("exec", "two words");
    lines = launched(Map.of("LANG", "C", "LC_CTYPE", "POSIX"));
    assertThat(lines.getFirst()).isEqualTo("LC_ALL=none LC_CTYPE=C.UTF-8");
    assertThat(lines).contains("-Dcodchi.given.LC_CTYPE=POSIX");
    lines = launched(Map.of("LC_ALL", "C", "LC_CTYPE", "POSIX"));
    assertThat(lines.getFirst()).isEqualTo("LC_ALL=C.UTF-8 LC_CTYPE=POSIX");
    assertThat(lines).contains("-Dcodchi.given.LC_ALL=C");
  }

  @Test
  void a_locale_that_has_all_names_stays() throws IOException {
    List<String> lines = launched(Map.of("LANG", "C.UTF-8"));
    assertThat(lines.getFirst()).isEqualTo("LC_ALL=none LC_CTYPE=none");
    assertThat(lines)
        .noneMatch(line -> line.startsWith("-Dcodchi.given"))
        .endsWith("exec", "two words");
  }
}
