package dev.codchi.hostintegration.tray;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.freedesktop.dbus.types.Variant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Codchi's icon on the session's bus, with its menu. It registers with the desktop's watcher
 * whenever one appears, so it can be there before the panel is, and outlives it.
 */
final class TrayIcon implements AutoCloseable, Bus.Receiver {
  private static final String WATCHER = "org.kde.StatusNotifierWatcher";
  private static final String WATCHER_PATH = "/StatusNotifierWatcher";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final String PEER = "org.freedesktop.DBus.Peer";

  private final StatusItem item = new StatusItem();
  private final DbusMenu menu = new DbusMenu();
  private final Runnable gone;
  private final String name;
  private @Nullable Bus connection;

  private TrayIcon(Runnable gone) {
    this.gone = gone;
    // The name that the specification asks for.
    this.name = StatusItem.TYPE + "-" + ProcessHandle.current().pid() + "-1";
  }

  /**
   * Shows the icon.
   *
   * @param address of the session's bus
   * @param only a name on the bus that just one tray has
   * @param gone told when the session has ended
   * @return nothing when another process has that name
   * @throws Bus.CallFailed when the bus does not answer
   */
  static @Nullable TrayIcon show(String address, String only, Runnable gone) throws Bus.CallFailed {
    TrayIcon icon = new TrayIcon(gone);
    Bus bus = Bus.connect(address, icon);
    icon.connection = bus;
    if (!bus.own(only)) {
      bus.close();
      return null;
    }
    bus.own(icon.name);
    bus.subscribe(
        "type='signal',sender='%s',interface='%1$s',member='NameOwnerChanged',arg0='%s'"
            .formatted(Bus.BUS, WATCHER));
    icon.register();
    return icon;
  }

  /** The connection, for messages. */
  Bus bus() {
    return Objects.requireNonNull(connection, "not connected");
  }

  /** Replaces menu and tip. */
  void update(String tip, List<MenuEntry> lines) {
    if (menu.show(lines)) {
      bus().emit(DbusMenu.PATH, DbusMenu.TYPE, "LayoutUpdated", "ui", menu.revision(), 0);
    }
    if (item.tip(tip)) {
      bus().emit(StatusItem.PATH, StatusItem.TYPE, "NewToolTip", "");
    }
  }

  /** A desktop without a watcher is no failure: it may come later. */
  private void register() {
    try {
      bus().call(WATCHER, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem", "s", name);
    } catch (Bus.CallFailed nobody) {
      Logger.getLogger(TrayIcon.class).debug("no watcher", nobody);
    }
  }

  @Override
  public void signal(Bus.Call signal) {
    Object[] arguments = signal.arguments();
    // NameOwnerChanged: name, old owner, new owner
    if (arguments.length == 3 && WATCHER.equals(arguments[0]) && !"".equals(arguments[2])) {
      Thread.ofPlatform().daemon().start(this::register);
    }
  }

  @Override
  public Bus.@Nullable Reply answer(Bus.Call call) {
    return switch (call.type()) {
      case DbusMenu.TYPE -> menu.answer(call);
      case StatusItem.TYPE -> StatusItem.answer(call);
      case PROPERTIES -> property(call);
      case PEER -> call.member().equals("Ping") ? Bus.Reply.EMPTY : null;
      default -> null;
    };
  }

  private Bus.@Nullable Reply property(Bus.Call call) {
    Map<String, Variant<?>> properties =
        switch (String.valueOf(call.arguments()[0])) {
          case DbusMenu.TYPE -> DbusMenu.properties();
          case StatusItem.TYPE -> item.properties();
          default -> Map.of();
        };
    return switch (call.member()) {
      case "GetAll" -> new Bus.Reply("a{sv}", properties);
      case "Get" -> {
        Variant<?> value = properties.get(String.valueOf(call.arguments()[1]));
        yield value == null ? null : new Bus.Reply("v", value);
      }
      default -> null;
    };
  }

  @Override
  public void closed() {
    gone.run();
  }

  @Override
  public void close() {
    bus().close();
  }
}
