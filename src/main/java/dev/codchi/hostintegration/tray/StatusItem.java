package dev.codchi.hostintegration.tray;

import dev.codchi.hostintegration.desktop.CodchiIcon;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/**
 * The icon as other programs see it: the interface {@code org.kde.StatusNotifierItem} (Status
 * Notifier Item specification), all of whose work is done by the menu.
 */
final class StatusItem {
  /** The interface's name. */
  static final String TYPE = "org.kde.StatusNotifierItem";

  /** Where the icon is; some desktops look nowhere else. */
  static final String PATH = "/StatusNotifierItem";

  private static final String PICTURES = "a(iiay)";
  private static final String TIP = "(sa(iiay)ss)";

  /** Sizes of usual panels, the last for those with twice as many pixels. */
  private static final int[] SIZES = {16, 22, 24, 32, 48};

  private volatile String tip = "";

  /** Replaces what is shown beside the pointer; whether it differs. */
  boolean tip(String text) {
    boolean differs = !text.equals(tip);
    tip = text;
    return differs;
  }

  /** The properties of the interface. */
  Map<String, Variant<?>> properties() {
    Map<String, Variant<?>> properties = new LinkedHashMap<>();
    properties.put("Category", text("SystemServices"));
    properties.put("Id", text("codchi"));
    properties.put("Title", text("codchi"));
    properties.put("Status", text("Active"));
    properties.put("WindowId", new Variant<>(0, "i"));
    properties.put("IconThemePath", text(""));
    properties.put("IconName", text(""));
    properties.put("IconPixmap", new Variant<>(pictures(), PICTURES));
    properties.put("OverlayIconName", text(""));
    properties.put("AttentionIconName", text(""));
    properties.put("ItemIsMenu", new Variant<>(true, "b"));
    properties.put("Menu", new Variant<>(new DBusPath(DbusMenu.PATH), "o"));
    properties.put(
        "ToolTip", new Variant<>(new Object[] {"", new ArrayList<Object[]>(), "codchi", tip}, TIP));
    return properties;
  }

  /** Answers a call of the interface; the menu needs none of them. */
  static Bus.@Nullable Reply answer(Bus.Call call) {
    return switch (call.member()) {
      case "Activate", "SecondaryActivate", "ContextMenu", "Scroll" -> Bus.Reply.EMPTY;
      default -> null;
    };
  }

  private static Variant<?> text(String text) {
    return new Variant<>(text, "s");
  }

  private static List<Object[]> pictures() {
    List<Object[]> pictures = new ArrayList<>();
    for (int size : SIZES) {
      pictures.add(new Object[] {size, size, CodchiIcon.argb(size)});
    }
    return pictures;
  }
}
