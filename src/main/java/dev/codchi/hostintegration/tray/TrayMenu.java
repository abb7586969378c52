package dev.codchi.hostintegration.tray;

import dev.codchi.config.Directories;
import dev.codchi.hostintegration.desktop.Autostart;
import dev.codchi.machines.MachineStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tray's menu: what can be done with each machine, what is being done, settings. */
final class TrayMenu {
  private final TrayJobs jobs;
  private final Directories directories;
  private final OpenPath open;
  private final Autostart autostart;
  private final Runnable quit;

  /** Shows a directory or file to the person. */
  @FunctionalInterface
  interface OpenPath {
    void open(Path path);
  }

  TrayMenu(
      TrayJobs jobs, Directories directories, OpenPath open, Autostart autostart, Runnable quit) {
    this.jobs = jobs;
    this.directories = directories;
    this.open = open;
    this.autostart = autostart;
    this.quit = quit;
  }

  /** The lines for machines that are known. */
  List<MenuEntry> of(List<MachineStatus> machines) {
    Map<String, String> running = jobs.running();
    List<MenuEntry> lines = new ArrayList<>();
    machines.forEach(machine -> lines.add(machine(machine, running)));
    if (machines.isEmpty()) {
      lines.add(MenuEntry.text("none", "No machines"));
    }
    running.forEach((subject, doing) -> lines.add(MenuEntry.text("job-" + subject, doing + " …")));
    end(lines);
    return lines;
  }

  /** The lines where nothing is known of the machines. */
  List<MenuEntry> without(String reason) {
    List<MenuEntry> lines = new ArrayList<>();
    lines.add(MenuEntry.text("trouble", reason));
    end(lines);
    return lines;
  }

  private void end(List<MenuEntry> lines) {
    lines.add(MenuEntry.separator("end"));
    lines.add(
        MenuEntry.menu(
            "settings",
            "Settings",
            List.of(
                startsWithSession(),
                MenuEntry.action(
                    "directory", "Open directory", () -> open.open(directories.config())))));
    lines.add(MenuEntry.action("quit", "Quit", quit));
  }

  private MenuEntry startsWithSession() {
    String text = "Start with the session";
    return switch (autostart.state()) {
      case FORBIDDEN -> MenuEntry.text("autostart", text + " (tray.autostart is false)");
      case OFF -> MenuEntry.toggle("autostart", text, false, () -> autostart.turn(true));
      case ON -> MenuEntry.toggle("autostart", text, true, () -> autostart.turn(false));
    };
  }

  private MenuEntry machine(MachineStatus machine, Map<String, String> running) {
    String name = machine.name().value();
    boolean up = machine.state() == MachineStatus.State.RUNNING;
    boolean busy = running.containsKey(name) || machine.busy().isPresent();
    List<MenuEntry> lines = new ArrayList<>();
    lines.add(
        up
            ? job(busy, "stop", "Stop", name, "Stopping", "stop", name)
            : job(busy, "start", "Start", name, "Starting", "start", name));
    if (up) {
      lines.add(job(busy, "restart", "Restart", name, "Restarting", "restart", name));
    }
    lines.add(job(busy, "rebuild", "Rebuild", name, "Rebuilding", "rebuild", name));
    lines.add(MenuEntry.separator("between"));
    // A window of its own: nothing waits for it.
    lines.add(
        MenuEntry.action(
            "terminal",
            "Open terminal",
            () -> jobs.run(name + " terminal", "Opening a terminal of " + name, "terminal", name)));
    lines.add(MenuEntry.action("open", "Open files", () -> open.open(directories.home(name))));
    lines.add(MenuEntry.separator("before-delete"));
    lines.add(
        MenuEntry.menu(
            "delete",
            "Delete",
            List.of(
                job(
                    busy,
                    "really",
                    "Delete " + name + " and all its files",
                    name,
                    "Deleting",
                    "--yes",
                    "delete",
                    name))));
    String state = machine.busy().orElse(machine.state().name().toLowerCase(Locale.ROOT));
    return MenuEntry.menu("machine-" + name, name + " – " + state, lines);
  }

  private MenuEntry job(
      boolean busy, String key, String text, String name, String doing, String... arguments) {
    return busy
        ? MenuEntry.text(key, text)
        : MenuEntry.action(key, text, () -> jobs.run(name, doing + " " + name, arguments));
  }
}
