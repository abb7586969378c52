package dev.codchi.cli;

import io.quarkus.runtime.ImageMode;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * What codchi says of itself. It needs no settings and none of the program's parts, so it is said
 * before they are made.
 */
final class SelfDescription {
  /** Written when the native binary is made; on the JVM when it is asked for. */
  private static final Map<Ansi, String> HELP =
      ImageMode.current() == ImageMode.NATIVE_BUILD
          ? Map.of(Ansi.ON, help(Ansi.ON), Ansi.OFF, help(Ansi.OFF))
          : Map.of();

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
      case "-h", "--help" -> out.print(help());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String help() {
    Ansi ansi = Ansi.AUTO.enabled() ? Ansi.ON : Ansi.OFF;
    String before = HELP.get(ansi);
    return before == null ? help(ansi) : before;
  }

  private static String help(Ansi ansi) {
    return CommandLines.describe(List.of("--help"), new CommandLines.Later()).getUsageMessage(ansi);
  }
}
