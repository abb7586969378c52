package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretGenerator;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretStatus;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.TransferFormat;
import dev.codchi.machines.secrets.keys.GivenPassphrases;
import dev.codchi.redaction.KnownValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsCommandsTest {
  private static final SecretId ENV = SecretId.env("TOKEN");
  private static final SecretId FILE = SecretId.file("token");

  @TempDir Path directory;

  private static SecretInput input(Console console) {
    ConsoleProgress progress = new ConsoleProgress(console, new KnownValues());
    return new SecretInput(new HiddenInput(console, progress), progress);
  }

  private String value(SecretId id, String content, boolean exact) throws IOException {
    Path file = Files.writeString(directory.resolve("value"), content);
    Console console = new Console();
    SecretInput input = input(console);
    try (SecretValue value = input.value(id, Optional.of(file), exact)) {
      return new String(value.bytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void one_line_break_at_the_end_is_no_part_of_a_variable() throws IOException {
    assertThat(value(ENV, "a\n\n", false)).isEqualTo("a\n");
    assertThat(value(ENV, "a\r\n", false)).isEqualTo("a");
    assertThat(value(ENV, "a\n", true)).isEqualTo("a\n");
    assertThat(value(FILE, "a\n", false)).isEqualTo("a\n");
    assertThat(value(ENV, "", false)).isEmpty();
  }

  @Test
  void a_file_that_cannot_be_read_is_named() {
    Console console = new Console();
    SecretInput input = input(console);
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () -> input.value(ENV, Optional.of(directory.resolve("absent")), false).close());
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_USAGE);
    assertThat(failure.what()).contains("absent");
  }

  @Test
  void without_a_terminal_a_passphrase_names_the_setting() {
    Console console = new Console();
    console.noInput(true);
    TerminalPassphrase prompt =
        new TerminalPassphrase(
            new HiddenInput(console, new ConsoleProgress(console, new KnownValues())));
    Failure failure =
        catchThrowableOfType(Failure.class, () -> prompt.passphrase("web", true).close());
    assertThat(failure.code()).isEqualTo(FailureCode.NEEDS_ANSWER);
    assertThat(failure.nextStep()).contains("secrets.passphrase_file");
  }

  @Test
  void the_format_of_an_import_shows_in_its_first_character() {
    assertThat(format(" \n{\"A\": \"b\"}")).isEqualTo(TransferFormat.JSON);
    assertThat(format("A={}")).isEqualTo(TransferFormat.DOTENV);
    assertThat(format("# comment")).isEqualTo(TransferFormat.DOTENV);
    assertThat(format("")).isEqualTo(TransferFormat.DOTENV);
  }

  private static TransferFormat format(String text) {
    return SecretsImportCommand.formatOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void two_passphrases_are_two_lines() {
    for (String text :
        List.of("old one\nnew one", "old one\nnew one\n", "old one\r\nnew one\r\n")) {
      try (GivenPassphrases given =
          SecretInput.passphrases(text.getBytes(StandardCharsets.UTF_8))) {
        assertThat(given.present()).isEqualTo(SecretValue.ofText("old one"));
        assertThat(given.fresh()).isEqualTo(SecretValue.ofText("new one"));
      }
    }
    for (String text :
        List.of("", "\n", "one", "one\n", "one\n\n", "\none\n", "1\n2\n3", "\r\n1")) {
      Failure failure =
          catchThrowableOfType(
              Failure.class,
              () -> SecretInput.passphrases(text.getBytes(StandardCharsets.UTF_8)).close());
      assertThat(failure.code()).as(text).isEqualTo(FailureCode.NEEDS_ANSWER);
    }
  }

  @Test
  void every_state_has_a_word() {
    Optional<SecretGenerator> generator =
        Optional.of(new SecretGenerator(SecretGenerator.Format.HEX, 8));
    Optional<Instant> when = Optional.of(Instant.EPOCH);
    assertThat(state(declared(true, Optional.empty()), when)).isEqualTo("set");
    assertThat(state(declared(true, Optional.empty()), Optional.empty())).isEqualTo("missing");
    assertThat(state(declared(false, Optional.empty()), Optional.empty())).isEqualTo("optional");
    assertThat(state(declared(true, generator), Optional.empty())).isEqualTo("generated");
    assertThat(state(Optional.empty(), when)).isEqualTo("undeclared");
  }

  private static String state(Optional<SecretDeclaration> declared, Optional<Instant> when) {
    return SecretsListCommand.state(new SecretStatus(ENV, declared, when));
  }

  private static Optional<SecretDeclaration> declared(
      boolean required, Optional<SecretGenerator> generator) {
    return Optional.of(
        new SecretDeclaration(
            ENV,
            "",
            required,
            new SecretDeclaration.InVariable("CODCHI_TOKEN", "/run/x"),
            generator));
  }
}
