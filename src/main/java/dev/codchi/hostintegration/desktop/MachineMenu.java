package dev.codchi.hostintegration.desktop;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.machines.MachineName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A machine's submenu (Desktop Menu Specification 1.1): a file that the desktop merges into its
 * menu. Menus of one name become one, so each machine has a file of its own and nothing is shared
 * but the name of codchi's menu above them.
 */
final class MachineMenu {
  private static final String SUFFIX = ".menu";

  private final String prefix;
  private final XdgDirectories places;
  private final String container;

  MachineMenu(Settings settings, XdgDirectories places, String container) {
    this.prefix = settings.require(Setting.INSTANCE_PREFIX);
    this.places = places;
    this.container = container;
  }

  /** Writes it. Idempotent. */
  void write(MachineName machine, String category, Path icon) {
    Changed.write(directory(prefix), directoryText(prefix, icon), 0644);
    Changed.write(directory(container), directoryText(machine.value(), icon), 0644);
    // None of these names can hold a character that means something in XML.
    Changed.write(
        places.menus().resolve(container + SUFFIX),
        """
        <!DOCTYPE Menu PUBLIC "-//freedesktop//DTD Menu 1.0//EN" "http://www.freedesktop.org/standards/menu-spec/1.0/menu.dtd">
        <Menu>
          <Name>Applications</Name>
          <Menu>
            <Name>%1$s</Name>
            <Directory>%1$s.directory</Directory>
            <Menu>
              <Name>%2$s</Name>
              <Directory>%2$s.directory</Directory>
              <Include><Category>%3$s</Category></Include>
            </Menu>
          </Menu>
        </Menu>
        """
            .formatted(prefix, container, category),
        0644);
  }

  /** Removes it, and codchi's menu with the last machine's. Idempotent. */
  void remove() throws IOException {
    Files.deleteIfExists(places.menus().resolve(container + SUFFIX));
    Files.deleteIfExists(directory(container));
    if (wasLast()) {
      Files.deleteIfExists(directory(prefix));
    }
  }

  /** Whether no machine of this installation has a menu. */
  boolean wasLast() throws IOException {
    if (!Files.isDirectory(places.menus())) {
      return true;
    }
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(places.menus(), prefix + "-*" + SUFFIX)) {
      return !others.iterator().hasNext();
    }
  }

  private Path directory(String name) {
    return places.menuDirectories().resolve(name + ".directory");
  }

  private static String directoryText(String name, Path icon) {
    return "[Desktop Entry]\nType=Directory\nName="
        + name
        + "\nIcon="
        + DesktopEntry.escape(icon.toString())
        + "\n";
  }
}
