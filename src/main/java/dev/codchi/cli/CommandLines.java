package dev.codchi.cli;

import io.quarkus.runtime.ImageMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * What picocli knows of codchi and of the commands that are called. Learning it from annotations
 * would take a quarter of the processor time of an {@code exec}, so for commands that are called
 * often it is learned when the native binary is made, and lies in it.
 */
final class CommandLines {
  /**
   * Commands that people, menus, scripts and services call. None may have a mixin: picocli would
   * make the command to describe it.
   */
  static final Set<String> CALLED_OFTEN =
      Set.of("exec", "launch", "git-credentials", "status", "start", "stop");

  private static final Map<String, Described> DESCRIBED_BEFORE =
      ImageMode.current() == ImageMode.NATIVE_BUILD
          ? CALLED_OFTEN.stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      Function.identity(), name -> Described.by(new Later(), List.of(name))))
          : Map.of();

  private CommandLines() {}

  /**
   * The commands that these arguments can reach.
   *
   * @param beans makes the command that is called
   */
  static CommandLine reachedBy(List<String> arguments, CommandLine.IFactory beans) {
    Commands.Reach reach = Commands.reach(arguments);
    if (reach.described().size() == 1 && !reach.othersListed()) {
      Described before = DESCRIBED_BEFORE.get(reach.described().iterator().next());
      if (before != null) {
        before.factory().beans = beans;
        return before.commandLine();
      }
    }
    Later factory = new Later();
    factory.beans = beans;
    return Described.by(factory, arguments).commandLine();
  }

  /**
   * Commands that are described.
   *
   * @param commandLine good for one use, since it keeps what was parsed
   * @param factory makes what is called
   */
  private record Described(CommandLine commandLine, Later factory) {
    static Described by(Later factory, List<String> arguments) {
      return new Described(describe(arguments, factory), factory);
    }
  }

  /** Describes the commands that these arguments can reach; makes those that have mixins. */
  static CommandLine describe(List<String> arguments, CommandLine.IFactory factory) {
    CommandLine codchi = new CommandLine(RootCommand.class, factory);
    Commands.add(codchi, factory, arguments);
    return configured(codchi);
  }

  /** How codchi's commands are read, whatever they are. */
  static CommandLine configured(CommandLine commandLine) {
    // An argument like "@file" belongs to the program that is run, or is a mistake.
    commandLine.setExpandAtFiles(false);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    return commandLine;
  }

  /** Makes what a description needs, and commands once it can. */
  static final class Later implements CommandLine.IFactory {
    private CommandLine.@Nullable IFactory beans;

    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == Version.class) {
        return type.cast(new Version());
      }
      if (type == RestOfLine.class) {
        return type.cast(new RestOfLine());
      }
      if (type == NextWord.class) {
        return type.cast(new NextWord());
      }
      if (beans == null) {
        throw new IllegalStateException("a description makes no " + type);
      }
      return beans.create(type);
    }
  }
}
