package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class CommandsTest {
  @Test
  void every_command_is_filed_under_its_own_name() {
    Commands.all()
        .forEach((name, type) ->
            assertThat(Objects.requireNonNull(type.getAnnotation(Command.class)).name())
                .isEqualTo(name));
  }

  @Test
  void every_command_of_the_program_is_reachable() {
    assertThat(reachable("--help")).containsAll(Commands.all().keySet());
  }

  @ParameterizedTest
  @CsvSource({
    "exec m ls -h, exec",
    "run m ls, exec",
    "mod list m, module",
    "--color never exec m, exec",
    "--set data_dir=/d -v status, status",
    "--json status, status",
    "module list m, module",
    "init --help, init"
  })
  void only_the_command_that_is_named_is_described(String line, String name) {
    assertThat(reachable(line.split(" "))).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "--json", "-v"})
  void options_alone_need_no_command(String option) {
    assertThat(reachable(option)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-h", "-vh", "exce m", "complete -- ex", "complete", "complete -- bogus x"})
  void all_are_described_where_none_is_named(String line) {
    assertThat(reachable(line.split(" "))).containsAll(Commands.all().keySet());
  }

  @Test
  void the_command_that_is_completed_is_described() {
    assertThat(reachable("complete", "--", "exec", "")).containsOnly("complete", "exec");
  }

  private static List<String> reachable(String... arguments) {
    return Commands.reachable(List.of(arguments));
  }
}
