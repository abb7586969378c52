package dev.codchi.hostintegration.desktop;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The tray's start with the desktop session (Desktop Application Autostart Specification 0.5). An
 * entry that a person has switched off in the session's own settings stays as it is.
 */
@ApplicationScoped
public class Autostart {
  /** Whether the tray starts with the session. */
  public enum State {
    /** The setting {@code tray.autostart} is false. */
    FORBIDDEN,
    /** There is no entry, or the person has switched it off. */
    OFF,
    ON
  }

  private final Settings settings;
  private final Launcher launcher;
  private final Optional<XdgDirectories> session;

  Autostart(Settings settings, Launcher launcher) {
    this.settings = settings;
    this.launcher = launcher;
    this.session = XdgDirectories.of(System.getenv());
  }

  /** How it is now. */
  public State state() {
    if (!settings.enabled(Setting.TRAY_AUTOSTART)) {
      return State.FORBIDDEN;
    }
    boolean on =
        session.filter(places -> Files.exists(file(places)) && !switchedOff(places)).isPresent();
    return on ? State.ON : State.OFF;
  }

  /**
   * Switches it on or off, as the session's own settings would: an entry that is off stays, marked
   * as hidden.
   *
   * @throws dev.codchi.failure.Failure {@code DISK_FULL}, {@code DIRECTORY_UNUSABLE}
   */
  public void turn(boolean on) {
    Path icon = settings.directories().icons().resolve("codchi.svg");
    session.ifPresent(places ->
        Changed.write(file(places), on ? text(icon) : text(icon) + "Hidden=true\n", 0644));
  }

  /** Where the session's entries are, once there are any. */
  public Optional<Path> directory() {
    return session.map(XdgDirectories::autostart).filter(Files::isDirectory);
  }

  /** Writes or removes the entry, as the setting {@code tray.autostart} says. Idempotent. */
  void write(XdgDirectories places, Path icon) throws IOException {
    if (!settings.enabled(Setting.TRAY_AUTOSTART)) {
      remove(places);
      return;
    }
    if (switchedOff(places)) {
      return;
    }
    Changed.write(file(places), text(icon), 0644);
  }

  private String text(Path icon) {
    return String.join(
            "\n",
            "[Desktop Entry]",
            "Type=Application",
            "Name=codchi",
            "Comment=Code machines in the tray",
            "Exec="
                + DesktopEntry.escape(
                    ExecLine.join(List.of(launcher.path().toString(), "tray", "--autostart"))),
            "Icon=" + DesktopEntry.escape(icon.toString()),
            "Terminal=false",
            "NoDisplay=true")
        + "\n";
  }

  /** Removes the entry. Idempotent. */
  void remove(XdgDirectories places) throws IOException {
    Files.deleteIfExists(file(places));
  }

  private boolean switchedOff(XdgDirectories places) {
    Optional<DesktopEntry> there =
        WholeFile.read(file(places))
            .map(content -> DesktopEntry.parse(new String(content, StandardCharsets.UTF_8)));
    return there
        .filter(entry ->
            entry.is("Hidden")
                || entry.text("X-GNOME-Autostart-enabled").filter("false"::equals).isPresent())
        .isPresent();
  }

  private Path file(XdgDirectories places) {
    return places.autostart().resolve(settings.require(Setting.INSTANCE_PREFIX) + "-tray.desktop");
  }
}
