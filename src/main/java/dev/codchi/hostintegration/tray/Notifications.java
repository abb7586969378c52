package dev.codchi.hostintegration.tray;

import java.util.ArrayList;
import java.util.Map;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.jboss.logging.Logger;

/** Messages of the desktop (Desktop Notifications Specification 1.2). */
final class Notifications {
  private static final String NAME = "org.freedesktop.Notifications";
  private static final String PATH = "/org/freedesktop/Notifications";

  private final Bus bus;
  private final String icon;

  /**
   * Messages through a connection.
   *
   * @param icon path of codchi's picture
   */
  Notifications(Bus bus, String icon) {
    this.bus = bus;
    this.icon = icon;
  }

  /**
   * Shows a message, once. A desktop that shows none is no failure.
   *
   * @param title one line
   * @param text may have several
   */
  void show(String title, String text) {
    try {
      bus.call(
          NAME,
          PATH,
          NAME,
          "Notify",
          "susssasa{sv}i",
          "codchi",
          new UInt32(0),
          icon,
          title,
          escape(text),
          new ArrayList<String>(),
          Map.of("desktop-entry", new Variant<>("codchi", "s")),
          -1);
    } catch (Bus.CallFailed nobody) {
      Logger.getLogger(Notifications.class).debug("no notification", nobody);
    }
  }

  /** The text may be shown as markup. */
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
