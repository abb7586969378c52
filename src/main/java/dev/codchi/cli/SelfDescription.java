package dev.codchi.cli;

import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;

/**
 * What codchi says of itself. It needs no settings and none of the program's parts, so it is said
 * before they are made, which would take several times as long.
 */
final class SelfDescription {
  private SelfDescription() {}

  /**
   * Prints version or help when that alone is asked for.
   *
   * @return whether it was
   */
  static boolean print(List<String> arguments, PrintStream out) {
    if (arguments.size() != 1) {
      return false;
    }
    switch (arguments.getFirst()) {
      case "-V", "--version" -> Version.lines().forEach(out::println);
      case "-h", "--help" -> codchi(arguments).usage(out);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Described only: no command is made. */
  private static CommandLine codchi(List<String> arguments) {
    CommandLine.IFactory factory = new VersionAlone();
    CommandLine codchi = new CommandLine(RootCommand.class, factory);
    Commands.add(codchi, factory, arguments);
    return codchi;
  }

  /** Makes what a description needs. */
  private static final class VersionAlone implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) {
      if (type == Version.class) {
        return type.cast(new Version());
      }
      throw new IllegalStateException("a description makes no " + type);
    }
  }
}
