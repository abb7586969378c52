package dev.codchi.hostintegration.desktop;

import dev.codchi.files.WholeFile;
import dev.codchi.machines.MachineName;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A profile of KDE's terminal that opens a shell in a machine (Konsole Handbook, "Profiles"): a
 * file of keys in groups, as KConfig writes them, in a directory that Konsole looks into. The
 * file's name is the profile's, because Konsole saves a profile under its name. Only files that
 * carry codchi's mark are written again or removed.
 */
final class KonsoleProfile {
  private static final String GROUP = "General";

  /** What needs no quotes in a command. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,+-]+");

  private final Path file;
  private final String container;

  KonsoleProfile(XdgDirectories places, String container) {
    this.file = places.konsole().resolve(container + ".profile");
    this.container = container;
  }

  /** Whether Konsole is on this computer: its program, or what it keeps for the person. */
  static boolean wanted(XdgDirectories places, Map<String, String> environment) {
    return Files.isDirectory(places.konsole())
        || new FindTerminal(environment).has(TerminalKind.KONSOLE);
  }

  /**
   * Writes it. One that starts the same command already stays as it is, with the colours and fonts
   * that its owner has chosen since. Idempotent.
   *
   * @param command starts the shell: a program and its arguments
   * @throws dev.codchi.failure.Failure {@code DISK_FULL}, {@code DIRECTORY_UNUSABLE}
   */
  void write(MachineName machine, List<String> command, Path icon, Progress progress) {
    if (command.stream().anyMatch(word -> word.contains("$"))) {
      // Konsole puts variables into a command however it is quoted.
      progress.detail("no profile of Konsole for " + machine + ": there is a $ in its command");
      return;
    }
    String line = String.join(" ", command.stream().map(KonsoleProfile::quote).toList());
    if (Files.exists(file)) {
      Optional<DesktopEntry> there = own();
      if (there.isEmpty()) {
        progress.detail(file + " is not codchi's and stays");
        return;
      }
      if (there.get().text(GROUP, "Command").filter(line::equals).isPresent()) {
        return;
      }
    }
    Changed.write(file, text(machine, line, icon), 0644);
  }

  /** Removes it, if it is codchi's. Idempotent. */
  void remove() throws IOException {
    if (own().isPresent()) {
      Files.deleteIfExists(file);
    }
  }

  private String text(MachineName machine, String command, Path icon) {
    return String.join(
        "\n",
        "[" + GROUP + "]",
        "Command=" + DesktopEntry.escape(command),
        "Icon=" + DesktopEntry.escape(icon.toString()),
        "Name=" + container,
        "Parent=FALLBACK/",
        ShortcutText.MARK + "=" + machine,
        "");
  }

  private Optional<DesktopEntry> own() {
    return WholeFile.read(file)
        .map(content -> DesktopEntry.parse(new String(content, StandardCharsets.UTF_8)))
        .filter(profile -> profile.text(GROUP, ShortcutText.MARK).isPresent());
  }

  private static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : Launcher.quote(word);
  }
}
