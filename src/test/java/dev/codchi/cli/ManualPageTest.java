package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Keeps the manual page complete: every command and every option that all commands have. */
class ManualPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("codchi.basedir", "."), "src/main/resources/man/codchi.1");

  @Test
  void every_command_is_described() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    List<String> commands = new ArrayList<>();
    Commands.all().values().forEach(type -> commands.addAll(commands("", type)));
    for (String command : commands) {
      assertThat(lines)
          .as(command)
          .anyMatch(line -> line.matches("\\.B[RI]? \"?" + command + "([ \"].*|)"));
    }
  }

  @Test
  void every_common_option_is_described() throws IOException {
    String page = Files.readString(PAGE).replace("\\-", "-");
    for (Method method : RootCommand.class.getDeclaredMethods()) {
      Option option = method.getAnnotation(Option.class);
      if (option != null) {
        assertThat(page).contains(option.names());
      }
    }
  }

  /** A command, or those below it, by their whole names; groups of commands are none themselves. */
  private static List<String> commands(String above, Class<?> type) {
    List<String> names = new ArrayList<>();
    if (annotation(type).hidden()) {
      return names;
    }
    String prefix = above + annotation(type).name() + " ";
    for (Class<?> each : annotation(type).subcommands()) {
      names.addAll(commands(prefix, each));
    }
    for (Method method : type.getDeclaredMethods()) {
      Command command = method.getAnnotation(Command.class);
      if (command != null) {
        names.add(prefix + command.name());
      }
    }
    if (names.isEmpty()) {
      names.add(prefix.strip());
    }
    return names;
  }

  private static Command annotation(Class<?> type) {
    return Objects.requireNonNull(type.getAnnotation(Command.class), type.getName());
  }
}
