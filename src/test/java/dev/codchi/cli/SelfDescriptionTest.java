package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfDescriptionTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version"})
  void version(String option) {
    assertThat(print(option)).isTrue();
    assertThat(text()).isEqualTo("codchi " + Version.number() + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void help(String option) {
    assertThat(print(option)).isTrue();
    assertThat(text())
        .startsWith("Usage: codchi [-hVyqv]")
        .contains("--no-input", "  rebuild  ", "  module, mod ", "Exit status:", "interrupted");
  }

  @Test
  void everything_else_takes_the_whole_program() {
    assertThat(print()).isFalse();
    assertThat(print("status")).isFalse();
    assertThat(print("init", "--help")).isFalse();
    assertThat(print("--help", "--verbose")).isFalse();
    assertThat(text()).isEmpty();
  }

  private boolean print(String... arguments) {
    return SelfDescription.print(
        List.of(arguments), new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
