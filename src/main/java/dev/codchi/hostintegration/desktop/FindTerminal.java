package dev.codchi.hostintegration.desktop;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the person's terminal: what {@code TERMINAL} names, the one that {@code xdg-terminal-exec}
 * knows, that of the desktop that runs, the system's choice, and then any that is there.
 */
final class FindTerminal {
  /** The value of {@code XDG_CURRENT_DESKTOP}, in lower case, and what belongs to it. */
  private static final Map<String, List<TerminalKind>> DESKTOPS =
      Map.of(
          "gnome",
          List.of(TerminalKind.PTYXIS, TerminalKind.GNOME_CONSOLE, TerminalKind.GNOME_TERMINAL),
          "x-cinnamon",
          List.of(TerminalKind.GNOME_TERMINAL),
          "unity",
          List.of(TerminalKind.GNOME_TERMINAL),
          "kde",
          List.of(TerminalKind.KONSOLE),
          "xfce",
          List.of(TerminalKind.XFCE4_TERMINAL),
          "mate",
          List.of(TerminalKind.MATE_TERMINAL),
          "lxde",
          List.of(TerminalKind.LXTERMINAL),
          "lxqt",
          List.of(TerminalKind.QTERMINAL),
          "sway",
          List.of(TerminalKind.FOOT));

  private final Map<String, String> environment;

  FindTerminal(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The whole command that runs another one in a terminal; nothing when there is no terminal.
   *
   * @param title for the window, where the terminal takes one
   */
  Optional<List<String>> running(String title, List<String> command) {
    List<String> chosen =
        Arrays.stream(environment.getOrDefault("TERMINAL", "").strip().split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList();
    if (!chosen.isEmpty() && find(chosen.getFirst()).isPresent()) {
      TerminalKind kind =
          TerminalKind.of(chosen.getFirst()).orElse(TerminalKind.X_TERMINAL_EMULATOR);
      return Optional.of(whole(chosen, kind, title, command));
    }
    return candidates().stream()
        .filter(this::has)
        .findFirst()
        .map(kind -> whole(List.of(kind.program()), kind, title, command));
  }

  /** Whether a terminal's program is in the search path. */
  boolean has(TerminalKind kind) {
    return find(kind.program()).isPresent();
  }

  private static List<String> whole(
      List<String> terminal, TerminalKind kind, String title, List<String> command) {
    List<String> whole = new ArrayList<>(terminal);
    whole.addAll(kind.arguments(title, command));
    return whole;
  }

  private Set<TerminalKind> candidates() {
    Set<TerminalKind> candidates = new LinkedHashSet<>();
    candidates.add(TerminalKind.XDG_TERMINAL_EXEC);
    String desktops = environment.getOrDefault("XDG_CURRENT_DESKTOP", "");
    for (String desktop : desktops.toLowerCase(Locale.ROOT).split(":", -1)) {
      candidates.addAll(DESKTOPS.getOrDefault(desktop, List.of()));
    }
    candidates.add(TerminalKind.X_TERMINAL_EMULATOR);
    candidates.addAll(List.of(TerminalKind.values()));
    return candidates;
  }

  private Optional<Path> find(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
