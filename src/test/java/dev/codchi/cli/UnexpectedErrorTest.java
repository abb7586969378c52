package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.failure.ExitStatus;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What codchi prints and logs about an error that nobody foresaw, when the error's messages quote
 * secrets that this run has seen.
 */
class UnexpectedErrorTest {
  private static final String LINE = "canary-51fe4a \"quoted\" \\ and on";
  private static final String LINES = "canary-first-7c22\n  canary-second-93b1\n\ncanary-third-e0";
  private static final String BYTES = "canary-\u0001-0b9d";

  @TempDir Path directory;

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Console console;
  private FailurePrinter failures;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    KnownValues known = new KnownValues();
    for (String value : List.of(LINE, LINES, BYTES)) {
      known.remember(value.getBytes(StandardCharsets.UTF_8));
    }
    console = new Console();
    ErrorLog log = new ErrorLog(() -> directory, known);
    failures = new FailurePrinter(console, new ConsoleProgress(console, known), log, known);
  }

  @AfterEach
  void listenNoMore() {
    System.setErr(before);
  }

  /** A command that fails as it is told to. */
  @Command(name = "codchi")
  private static final class Failing implements Callable<Integer> {
    private final Callable<Integer> what;

    Failing(Callable<Integer> what) {
      this.what = what;
    }

    @Override
    public Integer call() throws Exception {
      return what.call();
    }
  }

  private int run(Callable<Integer> what) {
    CommandLine commandLine = Main.withPolicy(new CommandLine(new Failing(what)), failures);
    return Main.execute(commandLine, failures, List.of());
  }

  /** An exception with values in its message, its causes' messages, and those of what it hid. */
  private static IllegalStateException quoting() {
    IOException root = new IOException("cannot parse [" + LINES + "]");
    root.addSuppressed(new IllegalArgumentException("nor close \u0001" + BYTES));
    String json = LINE.replace("\\", "\\\\").replace("\"", "\\\"");
    String encoded = Base64.getEncoder().encodeToString(LINES.getBytes(StandardCharsets.UTF_8));
    return new IllegalStateException(
        "what is " + LINE + "?", new IllegalStateException(json + " or " + encoded, root));
  }

  private String written() throws IOException {
    return printed.toString(StandardCharsets.UTF_8)
        + "\n"
        + Files.readString(directory.resolve("codchi.log"));
  }

  private void holdsNoValue() throws IOException {
    String all = written();
    assertThat(all).doesNotContain("canary");
    for (String value : List.of(LINE, LINES, BYTES)) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      // The last characters of an encoding depend on what follows.
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      assertThat(all).doesNotContain(encoded.substring(0, encoded.length() - 1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_exception_is_told_without_values(boolean json) throws IOException {
    console.json(json);

    int status =
        run(() -> {
          throw quoting();
        });

    assertThat(status).isEqualTo(ExitStatus.UNEXPECTED.number());
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains(FailureCode.UNEXPECTED_ERROR.id(), "what is [secret]?");
    assertThat(Files.readString(directory.resolve("codchi.log")))
        .contains("Caused by: java.io.IOException: cannot parse [[secret]]")
        .contains("Suppressed: java.lang.IllegalArgumentException: nor close")
        .contains("at dev.codchi.cli.UnexpectedErrorTest.quoting");
    holdsNoValue();
  }

  @Test
  void an_error_that_java_would_print_itself_is_told_in_the_same_way() throws IOException {
    int status =
        run(() -> {
          throw new ExceptionInInitializerError(quoting());
        });

    assertThat(status).isEqualTo(ExitStatus.UNEXPECTED.number());
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains(FailureCode.UNEXPECTED_ERROR.id())
        .doesNotContain("\tat ");
    assertThat(Files.readString(directory.resolve("codchi.log"))).contains("what is [secret]?");
    holdsNoValue();
  }

  @Test
  void what_ends_a_thread_beside_the_commands_own_is_told_without_values() throws Exception {
    Thread aside =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((thread, thrown) -> failures.aside(thrown))
            .start(() -> {
              throw quoting();
            });
    aside.join();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("warning:", "what is [secret]?", FailureCode.UNEXPECTED_ERROR.id())
        .doesNotContain("\tat ");
    assertThat(Files.readString(directory.resolve("codchi.log"))).contains("Caused by:");
    holdsNoValue();
  }

  @Test
  void a_failure_that_is_understood_has_causes_without_values() throws IOException {
    int status =
        run(() -> {
          throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "Cannot read " + LINE)
              .because("it holds " + LINES)
              .next("Look at " + BYTES)
              .causedBy(quoting());
        });

    assertThat(status).isEqualTo(ExitStatus.ENVIRONMENT.number());
    assertThat(written()).contains("Cannot read [secret]", "Caused by:");
    holdsNoValue();
  }
}
