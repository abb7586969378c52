package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.cli.Commands.Reach;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsTest {
  @Test
  void every_command_is_filed_under_its_own_name() {
    Commands.all()
        .forEach((name, type) ->
            assertThat(Objects.requireNonNull(type.getAnnotation(Command.class)).name())
                .isEqualTo(name));
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
    assertThat(reach(line.split(" "))).isEqualTo(new Reach(Set.of(name), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "--json", "-v"})
  void options_alone_need_no_command(String option) {
    assertThat(reach(option)).isEqualTo(new Reach(Set.of(), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "-vh"})
  void help_lists_the_commands(String option) {
    assertThat(reach(option)).isEqualTo(new Reach(Set.of(), true));
  }

  @Test
  void all_are_described_where_none_of_that_name_exists() {
    assertThat(reach("exce", "m")).isEqualTo(new Reach(Commands.all().keySet(), false));
  }

  @ParameterizedTest
  @CsvSource({
    "exec m, exec -- m",
    "run m -- ls -h, run -- m -- ls -h",
    "exec -h, exec -h",
    "exec, exec",
    "exec -- m ls, exec -- m ls",
    "--json exec m ls, --json exec m ls",
    "status m, status m"
  })
  void what_runs_a_program_is_marked_as_without_options(String line, String marked) {
    assertThat(Commands.marked(List.of(line.split(" ")))).containsExactly(marked.split(" "));
  }

  @Test
  void the_command_that_is_completed_is_described() {
    assertThat(reach("complete", "--", "exec", ""))
        .isEqualTo(new Reach(Set.of("complete", "exec"), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete -- ex", "complete", "complete -- bogus x"})
  void commands_are_listed_where_one_may_be_completed(String line) {
    assertThat(reach(line.split(" "))).isEqualTo(new Reach(Set.of("complete"), true));
  }

  @Test
  void help_says_of_every_command_what_it_does() {
    CommandLine codchi = new CommandLine(CommandLine.Model.CommandSpec.create());
    Commands.add(codchi, CommandLine.defaultFactory(), List.of("--help"));
    codchi.setUsageHelpWidth(400);
    String help = codchi.getUsageMessage();

    Commands.all()
        .forEach((name, type) -> {
          Command command = Objects.requireNonNull(type.getAnnotation(Command.class));
          if (command.hidden()) {
            assertThat(help).doesNotContainPattern("(?m)^ +" + name + "\\b");
          } else {
            assertThat(help)
                .containsPattern("(?m)^ +" + name + "(, \\w+)* +\\Q" + command.description()[0]);
          }
        });
  }

  private static Reach reach(String... arguments) {
    return Commands.reach(List.of(arguments));
  }
}
