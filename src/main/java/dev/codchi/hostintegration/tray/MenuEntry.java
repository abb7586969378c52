package dev.codchi.hostintegration.tray;

import java.util.List;

/**
 * One line of the tray's menu.
 *
 * @param key tells it from its siblings, and stays the same while its text changes
 * @param text what it says; empty for a line between groups
 * @param action what happens when it is chosen; {@link #NOTHING} for a text that only tells
 * @param children the submenu below it
 * @param mark whether it is something that is on or off
 */
record MenuEntry(String key, String text, Runnable action, List<MenuEntry> children, Mark mark) {
  /** What stands before the text. */
  enum Mark {
    NONE,
    OFF,
    ON
  }

  /** The action of a line that cannot be chosen. */
  static final Runnable NOTHING = () -> {};

  MenuEntry {
    children = List.copyOf(children);
  }

  /** A line that does something. */
  static MenuEntry action(String key, String text, Runnable action) {
    return new MenuEntry(key, text, action, List.of(), Mark.NONE);
  }

  /** A line that switches something on and off. */
  static MenuEntry toggle(String key, String text, boolean on, Runnable action) {
    return new MenuEntry(key, text, action, List.of(), on ? Mark.ON : Mark.OFF);
  }

  /** A line that only tells something. */
  static MenuEntry text(String key, String text) {
    return new MenuEntry(key, text, NOTHING, List.of(), Mark.NONE);
  }

  /** A line with a submenu. */
  static MenuEntry menu(String key, String text, List<MenuEntry> children) {
    return new MenuEntry(key, text, NOTHING, children, Mark.NONE);
  }

  /** A line between groups. */
  static MenuEntry separator(String key) {
    return new MenuEntry(key, "", NOTHING, List.of(), Mark.NONE);
  }

  /** Whether it can be chosen or opened. */
  boolean enabled() {
    return action != NOTHING || !children.isEmpty();
  }

  /** What a person sees of it and its submenu; equal for what looks the same. */
  String picture() {
    StringBuilder picture =
        new StringBuilder(key).append('=').append(text).append(enabled()).append(mark);
    children.forEach(child -> picture.append('\n').append(child.picture()));
    return picture.append(';').toString();
  }
}
