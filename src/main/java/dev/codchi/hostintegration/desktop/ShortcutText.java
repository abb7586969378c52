package dev.codchi.hostintegration.desktop;

import dev.codchi.machines.MachineName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host's desktop entries for a machine's programs. They are written from what is understood of
 * the machine's own, so that whatever a module brings, the host gets valid entries. Left out are
 * the keys that speak of the host: files that the program opens, the directory it starts in, D-Bus
 * names, desktops.
 */
final class ShortcutText {
  /** Marks codchi's own entries; the value is the machine's name. */
  static final String MARK = "X-Codchi-Machine";

  /** Texts that are shown, also in other languages. */
  private static final Pattern SHOWN =
      Pattern.compile("(Name|GenericName|Comment|Keywords)(\\[[A-Za-z0-9_.@-]+])?");

  private static final Pattern ACTION = Pattern.compile("[A-Za-z0-9-]+");

  private final MachineName machine;
  private final List<String> launch;
  private final Path usualIcon;

  /**
   * Entries of one machine.
   *
   * @param launch the program, and its first arguments, that runs a command in the machine
   * @param usualIcon for programs that bring none
   */
  ShortcutText(MachineName machine, List<String> launch, Path usualIcon) {
    this.machine = machine;
    this.launch = List.copyOf(launch);
    this.usualIcon = usualIcon;
  }

  /** The category that the machine's submenu collects. */
  String category() {
    return "X-Codchi-" + machine;
  }

  /**
   * The entry for a program of the machine.
   *
   * @param icon the file with its picture, if it has one
   * @return nothing where it is hidden, is no program, or lacks a name or an understandable command
   */
  Optional<String> of(DesktopEntry original, Optional<Path> icon) {
    if (original.is("NoDisplay")
        || original.is("Hidden")
        || original.text("Type").filter("Application"::equals).isEmpty()) {
      return Optional.empty();
    }
    Optional<String> name = original.text("Name").map(ShortcutText::oneLine);
    Optional<String> exec =
        name.flatMap(
            known -> original.text("Exec").flatMap(line -> ExecLine.through(line, known, launch)));
    if (exec.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    begin(lines);
    shown(original.group(DesktopEntry.MAIN), lines, " (" + machine + ")");
    lines.add("Exec=" + DesktopEntry.escape(exec.get()));
    lines.add("Icon=" + DesktopEntry.escape(icon.orElse(usualIcon).toString()));
    lines.add("Terminal=" + original.is("Terminal"));
    original
        .text("StartupWMClass")
        .ifPresent(type -> lines.add("StartupWMClass=" + DesktopEntry.escape(oneLine(type))));
    if (original.is("StartupNotify")) {
      lines.add("StartupNotify=true");
    }
    actions(original, lines);
    return Optional.of(String.join("\n", lines) + "\n");
  }

  /** The entry that opens a terminal with a shell in the machine. */
  String shell(List<String> command) {
    List<String> lines = new ArrayList<>();
    begin(lines);
    lines.add("Name=Terminal (" + machine + ")");
    lines.add("Comment=A shell in the code machine " + machine);
    lines.add("Exec=" + DesktopEntry.escape(ExecLine.join(command)));
    lines.add("Icon=" + DesktopEntry.escape(usualIcon.toString()));
    lines.add("Terminal=false");
    return String.join("\n", lines) + "\n";
  }

  private void begin(List<String> lines) {
    lines.add("[" + DesktopEntry.MAIN + "]");
    lines.add("Type=Application");
    lines.add(MARK + "=" + machine);
    lines.add("Categories=" + category() + ";");
  }

  private static void shown(Map<String, String> group, List<String> lines, String afterName) {
    group.forEach((key, written) -> {
      Matcher matcher = SHOWN.matcher(key);
      String value = oneLine(DesktopEntry.unescape(written));
      if (!matcher.matches() || value.isEmpty()) {
        return;
      }
      switch (matcher.group(1)) {
        case "Name" -> lines.add(key + "=" + DesktopEntry.escape(value + afterName));
        case "Keywords" -> {
          // A list: its separators can be escaped, so it is taken as it is or not at all.
          if (!written.contains("\\")) {
            lines.add(key + "=" + value + (value.endsWith(";") ? "" : ";"));
          }
        }
        default -> lines.add(key + "=" + DesktopEntry.escape(value));
      }
    });
  }

  /** What the program offers beside being started, for example a private window. */
  private void actions(DesktopEntry original, List<String> lines) {
    List<String> names = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (String action : original.text("Actions").orElse("").split(";", -1)) {
      String group = "Desktop Action " + action;
      Optional<String> name = original.text(group, "Name").map(ShortcutText::oneLine);
      Optional<String> exec =
          name.flatMap(known ->
              original.text(group, "Exec").flatMap(line -> ExecLine.through(line, known, launch)));
      if (ACTION.matcher(action).matches() && exec.isPresent() && !names.contains(action)) {
        names.add(action);
        groups.add("");
        groups.add("[" + group + "]");
        Map<String, String> texts = new java.util.LinkedHashMap<>(original.group(group));
        texts.keySet().removeIf(key -> !key.startsWith("Name"));
        shown(texts, groups, "");
        groups.add("Exec=" + DesktopEntry.escape(exec.get()));
      }
    }
    if (!names.isEmpty()) {
      lines.add("Actions=" + String.join(";", names) + ";");
      lines.addAll(groups);
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
