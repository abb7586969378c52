package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class CommandLinesTest {
  static final List<String> CALLED_OFTEN = List.copyOf(CommandLines.CALLED_OFTEN);

  /** Otherwise the native binary could not be made. */
  @ParameterizedTest
  @FieldSource("CALLED_OFTEN")
  void what_is_called_often_is_described_without_being_made(String name) {
    CommandLine codchi = CommandLines.describe(List.of(name), new CommandLines.Later());
    assertThat(codchi.getSubcommands()).containsKey(name);
    assertThat(codchi.getSubcommands().values())
        .extracting(CommandLine::getCommandName)
        .containsOnly(name);
  }

  @Test
  void commands_are_made_when_they_are_called() {
    CommandLine.IFactory beans = CommandLine.defaultFactory();
    assertThat(CommandLines.reachedBy(List.of("exec", "m", "true"), beans).getSubcommands())
        .containsOnlyKeys("exec", "run");
    // A command with a mixin is made along with it.
    assertThatThrownBy(() -> CommandLines.reachedBy(List.of("init"), beans))
        .hasStackTraceContaining("InitCommand.<init>");
  }

  @Test
  void an_argument_is_no_file_of_arguments(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("arguments"), "one two");
    Words words = new Words();
    CommandLines.configured(new CommandLine(words)).parseArgs("curl", "@" + file, "@@x");
    assertThat(words.all).containsExactly("curl", "@" + file, "@@x");
  }

  @Test
  void the_rest_of_a_line_is_taken_as_it_is() {
    Run run = new Run();
    CommandLine line = new CommandLine(run).setStopAtPositional(true);
    line.parseArgs("-v", "m", "--", "-v", "7", "--help", "", "-x");
    assertThat(run.words).containsExactly("--", "-v", "7", "--help", "", "-x");
    assertThat(run.name).isEqualTo("m");
    line.parseArgs("m");
    assertThat(run.words).isEmpty();
    line.parseArgs("--", "-7", "-v");
    assertThat(run.name).isEqualTo("-7");
    assertThat(run.words).containsExactly("-v");
  }

  /** A command like those that run programs. */
  @Command(name = "run")
  private static final class Run {
    @Option(names = "-v")
    boolean verbose;

    @Parameters(index = "0", parameterConsumer = NextWord.class)
    @Nullable String name;

    @Parameters(index = "1..*", parameterConsumer = RestOfLine.class)
    List<String> words = new ArrayList<>();
  }

  /** Takes any arguments. */
  @Command(name = "words")
  private static final class Words {
    @Parameters @Nullable List<String> all;
  }
}
