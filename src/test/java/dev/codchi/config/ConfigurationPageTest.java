package dev.codchi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps the table of {@code docs/configuration.md} equal to {@link Setting}. */
class ConfigurationPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("codchi.basedir", "."), "docs/configuration.md");
  private static final String HEADER = "| key | variable | value | default | meaning |";

  @Test
  void every_setting_is_described_as_it_is() throws IOException {
    List<String> described =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.equals(HEADER))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    List<String> actual = Arrays.stream(Setting.values()).map(ConfigurationPageTest::row).toList();
    assertThat(described).isEqualTo(actual);
  }

  private static String row(Setting setting) {
    return "| `%s` | `%s` | %s | %s | %s |"
        .formatted(
            setting.key(),
            setting.variable(),
            setting.kind().expectation(),
            setting.defaultValue().map(value -> "`" + value + "`").orElse("–"),
            setting.description());
  }
}
