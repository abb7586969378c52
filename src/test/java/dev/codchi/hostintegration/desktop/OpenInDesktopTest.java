package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.TestSettings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenInDesktopTest {
  @TempDir Path directory;

  private void open(String script, Duration moment) throws IOException {
    Path opener = directory.resolve("opener");
    Files.writeString(opener, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));
    open(opener, moment);
  }

  private void open(Path opener, Duration moment) {
    new OpenInDesktop(TestSettings.in(directory), opener.toString(), moment)
        .open(Path.of("/a place"));
  }

  @Test
  void the_opener_gets_the_path_as_it_is() throws IOException {
    open("printf '<%s>' \"$@\" >'" + directory + "/got'", Duration.ofSeconds(30));
    assertThat(directory.resolve("got")).hasContent("</a place>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec sleep 20", "sleep 20 & exit 0"})
  void what_shows_it_is_not_waited_for(String script) throws IOException {
    long began = System.nanoTime();
    open(script, Duration.ofMillis(200));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void an_opener_that_fails_is_quoted() {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () -> open("echo nothing shows this >&2; exit 3", Duration.ofSeconds(30)));
    assertThat(failure.code()).isEqualTo(FailureCode.NO_FILE_MANAGER);
    assertThat(failure.why()).endsWith("ended with 3 nothing shows this");
  }

  @Test
  void a_computer_without_opener_is_told() {
    Failure failure =
        catchThrowableOfType(
            Failure.class, () -> open(directory.resolve("nothing"), Duration.ofSeconds(30)));
    assertThat(failure.code()).isEqualTo(FailureCode.NO_FILE_MANAGER);
  }
}
