package dev.codchi.hostintegration.tray;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.Test;

class DbusMenuTest {
  private final DbusMenu menu = new DbusMenu();

  private Bus.Reply ask(String member, Object... arguments) {
    return Objects.requireNonNull(
        menu.answer(new Bus.Call(DbusMenu.PATH, DbusMenu.TYPE, member, arguments)));
  }

  private List<Object[]> children(int depth) {
    Object[] root = (Object[]) ask("GetLayout", 0, depth, new String[0]).values()[1];
    List<Object[]> children = new ArrayList<>();
    for (Object child : (List<?>) root[2]) {
      children.add((Object[]) ((Variant<?>) child).getValue());
    }
    return children;
  }

  private static Object property(Object[] node, String name) {
    Variant<?> value = (Variant<?>) ((Map<?, ?>) node[1]).get(name);
    return value == null ? "" : value.getValue();
  }

  @Test
  void is_a_menu_before_it_has_lines() {
    assertThat(children(-1)).isEmpty();
    assertThat(ask("AboutToShow", 0).values()).containsExactly(false);
  }

  @Test
  void numbers_stay_while_texts_change() {
    assertThat(menu.show(List.of(MenuEntry.text("a", "one"), MenuEntry.text("b", "b_c")))).isTrue();
    UInt32 first = menu.revision();
    Object before = children(-1).get(1)[0];
    assertThat(property(children(-1).get(1), "label")).isEqualTo("b__c");
    assertThat(property(children(-1).get(1), "enabled")).isEqualTo(false);
    assertThat(menu.show(List.of(MenuEntry.text("b", "other")))).isTrue();
    assertThat(children(-1).getFirst()[0]).isEqualTo(before);
    assertThat(menu.revision().longValue()).isGreaterThan(first.longValue());
    assertThat(menu.show(List.of(MenuEntry.text("b", "other")))).as("nothing new").isFalse();
  }

  @Test
  void depth_is_respected_and_separators_are_marked() {
    menu.show(
        List.of(
            MenuEntry.menu("m", "machine", List.of(MenuEntry.text("x", "x"))),
            MenuEntry.separator("s")));
    assertThat((List<?>) children(1).getFirst()[2]).isEmpty();
    assertThat((List<?>) children(-1).getFirst()[2]).hasSize(1);
    assertThat(property(children(1).get(0), "children-display")).isEqualTo("submenu");
    assertThat(property(children(1).get(1), "type")).isEqualTo("separator");
  }

  @Test
  void a_click_acts_and_anything_else_does_not() throws InterruptedException {
    CountDownLatch clicked = new CountDownLatch(1);
    menu.show(List.of(MenuEntry.action("a", "a", clicked::countDown)));
    Object number = children(-1).getFirst()[0];
    ask("Event", number, "hovered", new Variant<>(0), new UInt32(0));
    ask("Event", 4711, "clicked", new Variant<>(0), new UInt32(0));
    assertThat(clicked.getCount()).isOne();
    ask("Event", number, "clicked", new Variant<>(0), new UInt32(0));
    assertThat(clicked.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void what_is_on_or_off_has_a_mark() {
    menu.show(List.of(MenuEntry.toggle("t", "t", true, () -> {}), MenuEntry.text("x", "x")));
    assertThat(property(children(1).get(0), "toggle-type")).isEqualTo("checkmark");
    assertThat(property(children(1).get(0), "toggle-state")).isEqualTo(1);
    assertThat(property(children(1).get(1), "toggle-type")).isEqualTo("");
    assertThat(menu.show(List.of(MenuEntry.toggle("t", "t", false, () -> {})))).isTrue();
    assertThat(property(children(1).getFirst(), "toggle-state")).isEqualTo(0);
  }

  @Test
  void unknown_lines_and_methods_are_refused() {
    assertThat(menu.answer(new Bus.Call("", "", "GetLayout", new Object[] {9, -1, List.of()})))
        .isNull();
    assertThat(menu.answer(new Bus.Call("", "", "Dance", new Object[0]))).isNull();
  }
}
