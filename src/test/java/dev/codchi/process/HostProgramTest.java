package dev.codchi.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostProgramTest {
  private static HostProgram.Answer ask(String script, Duration limit) {
    return HostProgram.ask(
        List.of("/bin/sh", "-c", script),
        Map.of("ONLY", "this"),
        Path.of("/"),
        "a question\n".getBytes(StandardCharsets.UTF_8),
        64,
        limit);
  }

  @Test
  void a_program_is_asked_with_its_own_variables_and_directory() {
    HostProgram.Answer answer =
        ask("read -r line; echo \"$line|$ONLY|$HOME|$(pwd)\"; exit 3", Duration.ofSeconds(30));
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.output()).asString().isEqualTo("a question|this||/\n");
  }

  @Test
  void one_that_has_said_all_and_does_not_end_is_ended() {
    assertThatThrownBy(
            () -> ask("echo done; exec >&- 2>&-; exec sleep 600", Duration.ofMillis(500)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("did not end");
  }

  @Test
  void one_that_says_nothing_is_ended() {
    assertThatThrownBy(() -> ask("exec sleep 600", Duration.ofMillis(500)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("did not end");
  }

  @Test
  void one_that_says_too_much_is_refused() {
    assertThatThrownBy(() -> ask("yes", Duration.ofSeconds(30)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("too much");
  }

  @Test
  void one_that_leaves_its_output_to_another_is_not_waited_for_longer_than_allowed() {
    assertThatThrownBy(() ->
            HostProgram.run(
                // Its output is being read when it ends: Java does not give that up by itself.
                List.of("/bin/sh", "-c", "sleep 10 & echo began; sleep 0.5"),
                Duration.ofSeconds(2)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("did not end");
  }

  @Test
  void programs_get_the_locale_that_the_launcher_found() {
    System.setProperty("codchi.given.LC_ALL", "C");
    System.setProperty("codchi.given.LC_CTYPE", "");
    try {
      HostProgram.Result result =
          HostProgram.run(
              List.of("/bin/sh", "-c", "echo $LC_ALL ${LC_CTYPE-none}"), Duration.ofSeconds(30));
      assertThat(result.output()).isEqualTo("C none\n");
    } finally {
      System.clearProperty("codchi.given.LC_ALL");
      System.clearProperty("codchi.given.LC_CTYPE");
    }
  }
}
