package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a terminal that script(1) makes. */
@Timeout(120)
class HostTerminalTest {
  @TempDir Path directory;

  @BeforeEach
  void needsTerminals() {
    assumeThat(Path.of("/usr/bin/script")).exists();
  }

  @Test
  void it_stays_as_it_is_until_it_is_joined() throws Exception {
    List<String> modes = modes();
    assertThat(modes).hasSize(3);
    assertThat(modes.get(1)).isEqualTo("attached " + modes.getFirst());
    assertThat(modes.get(2)).isEqualTo("closed " + modes.getFirst());
  }

  @Test
  void it_is_restored_although_codchi_is_interrupted() throws Exception {
    List<String> modes = modes("join");
    assertThat(modes).hasSize(4);
    assertThat(modes.get(2)).startsWith("joined ").doesNotEndWith(modes.getFirst());
    assertThat(modes.get(3)).isEqualTo("interrupted closed " + modes.getFirst());
  }

  private List<String> modes(String... join) throws IOException, InterruptedException {
    Path written = directory.resolve("modes");
    String command =
        "'%s/bin/java' -cp '%s' %s '%s' %s"
            .formatted(
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                TerminalProcess.class.getName(),
                written,
                String.join(" ", join));
    File said = directory.resolve("said").toFile();
    Process process =
        new ProcessBuilder("script", "-qec", command, "/dev/null")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(said)
            .start();
    assertThat(process.waitFor()).as(Files.readString(said.toPath())).isZero();
    return Files.readAllLines(written);
  }
}
