package dev.codchi.hostintegration.desktop;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.machines.MachineContainer;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachineObserver;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Keeps the host's menu in step with the machines: an entry for each visible program of each
 * machine, one that opens a terminal there, and a submenu that holds them; where Konsole is, a
 * profile of it, too. An entry's file is {@code CONTAINER.PROGRAM.desktop}; a container's name has
 * no dot, so no machine is taken for another. Only files that carry codchi's mark are ever removed.
 */
@ApplicationScoped
public class Shortcuts implements MachineObserver {
  private static final String SUFFIX = ".desktop";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Settings settings;
  private final CollectedPrograms programs;
  private final MachineContainer containers;
  private final Launcher launcher;
  private final Autostart autostart;
  private final Optional<XdgDirectories> desktop;
  private final Map<String, String> environment;

  /** The menu of the person that runs codchi. */
  @Inject
  public Shortcuts(
      Settings settings,
      CollectedPrograms programs,
      MachineContainer containers,
      Launcher launcher,
      Autostart autostart) {
    this.settings = settings;
    this.programs = programs;
    this.containers = containers;
    this.launcher = launcher;
    this.autostart = autostart;
    this.environment = System.getenv();
    this.desktop = XdgDirectories.of(environment);
  }

  @Override
  public void installed(MachineName machine, String system, Progress progress) {
    change(machine, places -> write(machine, system, places, progress));
  }

  @Override
  public void removed(MachineName machine, Progress progress) {
    change(machine, places -> remove(machine, places));
  }

  /** What is done to the menu. */
  @FunctionalInterface
  private interface Change {
    void make(XdgDirectories places) throws IOException;
  }

  private void change(MachineName machine, Change change) {
    if (desktop.isEmpty()) {
      return;
    }
    Path lock = settings.directories().locks().resolve("shortcuts.lock");
    try (ExclusiveLock _ =
        ExclusiveLock.acquire(lock, "menu entries of " + machine, PATIENCE, other -> {})) {
      change.make(desktop.get());
    } catch (IOException failed) {
      throw Failure.of(
              FailureCode.DIRECTORY_UNUSABLE, "cannot change the menu entries of " + machine)
          .because(failed.toString())
          .causedBy(failed);
    }
  }

  private void write(MachineName machine, String system, XdgDirectories places, Progress progress)
      throws IOException {
    launcher.write();
    Changed.write(codchiIcon(), CodchiIcon.svg(), 0644);
    String name = containers.name(machine);
    ShortcutText texts = new ShortcutText(machine, command("launch", machine), codchiIcon());
    Map<Path, byte[]> icons = new LinkedHashMap<>();
    Map<Path, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        places.applications().resolve(name + SUFFIX),
        utf8(texts.shell(command("terminal", machine))));
    for (CollectedPrograms.Program program : programs.of(system)) {
      String file = fileName(program.name());
      Optional<Path> icon =
          program.icon().map(picture -> icons(machine).resolve(file + extension(picture)));
      Optional<String> text = texts.of(program.entry(), icon);
      if (text.isEmpty()) {
        progress.detail("no menu entry for " + program.name() + " of " + machine);
        continue;
      }
      entries.put(places.applications().resolve(name + "." + file + SUFFIX), utf8(text.get()));
      if (icon.isPresent()) {
        icons.put(icon.get(), Files.readAllBytes(program.icon().orElseThrow()));
      }
    }
    // Pictures before the entries that name them, entries before the menu that collects them.
    icons.forEach((file, content) -> Changed.write(file, content, 0644));
    entries.forEach((file, content) -> Changed.write(file, content, 0644));
    new MachineMenu(settings, places, name).write(machine, texts.category(), codchiIcon());
    delete(entries(name, places), entries);
    delete(files(icons(machine), "*"), icons);
    if (KonsoleProfile.wanted(places, environment)) {
      new KonsoleProfile(places, name)
          .write(machine, command("launch", machine), codchiIcon(), progress);
    }
    autostart.write(places, codchiIcon());
  }

  private void remove(MachineName machine, XdgDirectories places) throws IOException {
    String name = containers.name(machine);
    MachineMenu menu = new MachineMenu(settings, places, name);
    menu.remove();
    new KonsoleProfile(places, name).remove();
    delete(entries(name, places), Map.of());
    delete(files(icons(machine), "*"), Map.of());
    Files.deleteIfExists(icons(machine));
    if (menu.wasLast()) {
      autostart.remove(places);
      Files.deleteIfExists(codchiIcon());
      Files.deleteIfExists(settings.directories().icons());
      Files.deleteIfExists(launcher.path());
    }
  }

  private List<String> command(String subcommand, MachineName machine) {
    return List.of(launcher.path().toString(), subcommand, machine.value());
  }

  private Path codchiIcon() {
    return settings.directories().icons().resolve("codchi.svg");
  }

  private Path icons(MachineName machine) {
    return settings.directories().icons().resolve(machine.value());
  }

  /** The entries of one container that codchi has made. */
  private static List<Path> entries(String container, XdgDirectories places) throws IOException {
    List<Path> found = files(places.applications(), container + ".*desktop");
    found.removeIf(file -> {
      String text =
          dev.codchi.files.WholeFile.read(file)
              .map(content -> new String(content, StandardCharsets.UTF_8))
              .orElse("");
      return DesktopEntry.parse(text).text(ShortcutText.MARK).isEmpty();
    });
    return found;
  }

  private static List<Path> files(Path directory, String pattern) throws IOException {
    List<Path> found = new java.util.ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, pattern)) {
        all.forEach(found::add);
      }
    }
    return found;
  }

  private static void delete(List<Path> files, Map<Path, byte[]> except) throws IOException {
    for (Path file : files) {
      if (!except.containsKey(file)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A program's name as part of a file's name that no desktop stumbles over; equal for equals. */
  static String fileName(String program) {
    if (PLAIN.matcher(program).matches()) {
      return program;
    }
    String plain = program.replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.substring(0, Math.min(60, plain.length()))
        + "-"
        + UUID.nameUUIDFromBytes(utf8(program)).toString().substring(0, 8);
  }

  private static String extension(Path picture) {
    String name = picture.getFileName().toString();
    return name.substring(name.lastIndexOf('.'));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
