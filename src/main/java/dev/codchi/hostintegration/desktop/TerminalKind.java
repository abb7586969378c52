package dev.codchi.hostintegration.desktop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How terminals are given a command. There is no common way: some take the rest of their arguments
 * after an option, some after {@code --}, some all that they do not know; few take a title.
 */
enum TerminalKind {
  /** The proposed standard (Terminal-exec Specification): a program, and its arguments. */
  XDG_TERMINAL_EXEC("xdg-terminal-exec", "", ""),
  PTYXIS("ptyxis", "--title", "--new-window --"),
  GNOME_CONSOLE("kgx", "--title", "--"),
  GNOME_TERMINAL("gnome-terminal", "--title", "--"),
  KONSOLE("konsole", "", "-e"),
  XFCE4_TERMINAL("xfce4-terminal", "--title", "-x"),
  MATE_TERMINAL("mate-terminal", "--title", "-x"),
  LXTERMINAL("lxterminal", "--title", "-e"),
  QTERMINAL("qterminal", "", "-e"),
  KITTY("kitty", "--title", ""),
  ALACRITTY("alacritty", "--title", "-e"),
  GHOSTTY("ghostty", "", "-e"),
  WEZTERM("wezterm", "", "start --"),
  FOOT("foot", "--title", ""),
  TERMINATOR("terminator", "--title", "-x"),
  URXVT("urxvt", "-title", "-e"),
  ST("st", "-t", "-e"),
  XTERM("xterm", "-title", "-e"),
  /** Debian's alternatives, which have to understand {@code -e} (Debian Policy 11.8.3). */
  X_TERMINAL_EMULATOR("x-terminal-emulator", "", "-e");

  private final String program;
  private final String title;
  private final List<String> before;

  TerminalKind(String program, String title, String before) {
    this.program = program;
    this.title = title;
    this.before = before.isEmpty() ? List.of() : List.of(before.split(" ", -1));
  }

  /** The name of its program. */
  String program() {
    return program;
  }

  /** The kind of a program, which may be given by its path. */
  static Optional<TerminalKind> of(String program) {
    String name = String.valueOf(Path.of(program).getFileName());
    for (TerminalKind kind : values()) {
      if (kind.program.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /**
   * The arguments that make it run a command.
   *
   * @param windowTitle shown where the terminal takes one
   */
  List<String> arguments(String windowTitle, List<String> command) {
    List<String> arguments = new ArrayList<>();
    if (!title.isEmpty()) {
      arguments.addAll(List.of(title, windowTitle));
    }
    arguments.addAll(before);
    arguments.addAll(command);
    return arguments;
  }
}
