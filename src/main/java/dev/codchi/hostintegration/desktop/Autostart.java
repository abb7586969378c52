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
  private final Settings settings;
  private final Launcher launcher;

  Autostart(Settings settings, Launcher launcher) {
    this.settings = settings;
    this.launcher = launcher;
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
    Changed.write(
        file(places),
        String.join(
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
            + "\n",
        0644);
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
