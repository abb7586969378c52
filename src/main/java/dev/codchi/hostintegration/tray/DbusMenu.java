package dev.codchi.hostintegration.tray;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/**
 * A menu as other programs see it: the interface {@code com.canonical.dbusmenu}, version 3, as
 * libdbusmenu describes it in {@code dbus-menu.xml}. Lines keep their number as long as their key
 * stays, so that a menu that is open keeps working while it changes.
 */
final class DbusMenu {
  /** The interface's name. */
  static final String TYPE = "com.canonical.dbusmenu";

  /** Where the menu is. */
  static final String PATH = "/MenuBar";

  private static final String NODE = "(ia{sv}av)";
  private static final int ROOT = 0;

  private final Map<String, Integer> numbers = new HashMap<>();
  private MenuEntry root = MenuEntry.menu("", "", List.of());
  private Map<Integer, MenuEntry> entries = Map.of(ROOT, root);
  private long revision = 1;

  /** Replaces the menu; whether it looks different now. */
  synchronized boolean show(List<MenuEntry> lines) {
    MenuEntry next = MenuEntry.menu("", "", lines);
    boolean differs = !next.picture().equals(root.picture());
    root = next;
    Map<Integer, MenuEntry> all = new HashMap<>();
    collect("", root, all);
    entries = all;
    if (differs) {
      revision++;
    }
    return differs;
  }

  /** Counts the menu's changes. */
  synchronized UInt32 revision() {
    return new UInt32(revision);
  }

  /** The properties of the interface. */
  static Map<String, Variant<?>> properties() {
    return Map.of(
        "Version", new Variant<>(new UInt32(3), "u"),
        "TextDirection", new Variant<>("ltr", "s"),
        "Status", new Variant<>("normal", "s"),
        "IconThemePath", new Variant<>(new String[0], "as"));
  }

  /** Answers a call of the interface. */
  synchronized Bus.@Nullable Reply answer(Bus.Call call) {
    Object[] arguments = call.arguments();
    return switch (call.member()) {
      case "GetLayout" -> layout(number(arguments[0]), number(arguments[1]));
      case "GetGroupProperties" -> properties(elements(arguments[0]));
      case "GetProperty" -> property(number(arguments[0]), String.valueOf(arguments[1]));
      case "Event" -> {
        chosen(number(arguments[0]), String.valueOf(arguments[1]));
        yield Bus.Reply.EMPTY;
      }
      case "EventGroup" -> {
        for (Object event : elements(arguments[0])) {
          Object[] fields = elements(event).toArray();
          chosen(number(fields[0]), String.valueOf(fields[1]));
        }
        yield new Bus.Reply("ai", new ArrayList<Integer>());
      }
      case "AboutToShow" -> new Bus.Reply("b", false);
      case "AboutToShowGroup" ->
          new Bus.Reply("aiai", new ArrayList<Integer>(), new ArrayList<Integer>());
      default -> null;
    };
  }

  private Bus.@Nullable Reply layout(int parent, int depth) {
    MenuEntry entry = entries.get(parent);
    return entry == null
        ? null
        : new Bus.Reply("u" + NODE, revision(), node(path(parent), entry, depth));
  }

  private Bus.Reply properties(Collection<?> wanted) {
    List<Object[]> found = new ArrayList<>();
    // No numbers means all lines.
    Collection<?> all = wanted.isEmpty() ? entries.keySet() : wanted;
    for (Object each : all) {
      MenuEntry entry = entries.get(number(each));
      if (entry != null) {
        found.add(new Object[] {number(each), properties(entry)});
      }
    }
    return new Bus.Reply("a(ia{sv})", found);
  }

  private Bus.@Nullable Reply property(int number, String name) {
    MenuEntry entry = entries.get(number);
    Variant<?> value = entry == null ? null : properties(entry).get(name);
    return value == null ? null : new Bus.Reply("v", value);
  }

  /** A menu item's own thread, since whoever chose it waits for the answer. */
  private void chosen(int number, String event) {
    MenuEntry entry = entries.get(number);
    if (entry != null && event.equals("clicked")) {
      Thread.ofPlatform().daemon().start(entry.action());
    }
  }

  private Object[] node(String path, MenuEntry entry, int depth) {
    List<Variant<?>> children = new ArrayList<>();
    if (depth != 0) {
      for (MenuEntry child : entry.children()) {
        children.add(new Variant<>(node(path + "/" + child.key(), child, depth - 1), NODE));
      }
    }
    return new Object[] {numberOf(path), properties(entry), children};
  }

  private Map<String, Variant<?>> properties(MenuEntry entry) {
    Map<String, Variant<?>> properties = new LinkedHashMap<>();
    if (entry == root) {
      properties.put("children-display", new Variant<>("submenu", "s"));
      return properties;
    }
    if (entry.text().isEmpty()) {
      properties.put("type", new Variant<>("separator", "s"));
      return properties;
    }
    // A single underscore would mark the next letter as a key.
    properties.put("label", new Variant<>(entry.text().replace("_", "__"), "s"));
    properties.put("enabled", new Variant<>(entry.enabled(), "b"));
    properties.put("visible", new Variant<>(true, "b"));
    if (entry.mark() != MenuEntry.Mark.NONE) {
      properties.put("toggle-type", new Variant<>("checkmark", "s"));
      properties.put("toggle-state", new Variant<>(entry.mark() == MenuEntry.Mark.ON ? 1 : 0, "i"));
    }
    if (!entry.children().isEmpty()) {
      properties.put("children-display", new Variant<>("submenu", "s"));
    }
    return properties;
  }

  private void collect(String path, MenuEntry entry, Map<Integer, MenuEntry> all) {
    all.put(numberOf(path), entry);
    entry.children().forEach(child -> collect(path + "/" + child.key(), child, all));
  }

  private int numberOf(String path) {
    return path.isEmpty() ? ROOT : numbers.computeIfAbsent(path, _ -> numbers.size() + 1);
  }

  private String path(int number) {
    return numbers.entrySet().stream()
        .filter(known -> known.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static int number(Object value) {
    return ((Number) value).intValue();
  }

  private static Collection<?> elements(Object value) {
    return switch (value) {
      case Collection<?> collection -> collection;
      case Object[] array -> List.of(array);
      case int[] numbers -> java.util.Arrays.stream(numbers).boxed().toList();
      default -> throw new IllegalArgumentException("not a list: " + value.getClass());
    };
  }
}
