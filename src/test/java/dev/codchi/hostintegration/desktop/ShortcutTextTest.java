package dev.codchi.hostintegration.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.machines.MachineName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortcutTextTest {
  private final ShortcutText texts =
      new ShortcutText(
          MachineName.of("web"), List.of("/l", "launch", "web"), Path.of("/icons/codchi.svg"));

  private Optional<DesktopEntry> of(String original) {
    return texts.of(DesktopEntry.parse(original), Optional.empty()).map(DesktopEntry::parse);
  }

  @Test
  void keeps_what_is_shown_and_adds_the_machine() {
    DesktopEntry entry =
        of("""
        # a comment
        [Desktop Entry]
        Type=Application
        Name=Editor
        Name[de]=Schreiber
        Comment=Edit\\nthings
        Keywords=text;edit
        Exec=edit %F
        Icon=edit
        TryExec=edit
        MimeType=text/plain;
        DBusActivatable=true
        Terminal=true
        """)
            .orElseThrow();
    assertThat(entry.text("Name")).contains("Editor (web)");
    assertThat(entry.text("Name[de]")).contains("Schreiber (web)");
    assertThat(entry.text("Comment")).contains("Edit things");
    assertThat(entry.text("Keywords")).contains("text;edit;");
    assertThat(entry.text("Exec")).contains("/l launch web edit");
    assertThat(entry.text("Icon")).contains("/icons/codchi.svg");
    assertThat(entry.is("Terminal")).isTrue();
    assertThat(entry.group(DesktopEntry.MAIN)).doesNotContainKeys("TryExec", "MimeType");
    assertThat(entry.group(DesktopEntry.MAIN)).doesNotContainKey("DBusActivatable");
  }

  @Test
  void passes_over_what_is_hidden_or_incomplete() {
    assertThat(of("[Desktop Entry]\nType=Application\nName=A\nExec=a\nNoDisplay=true")).isEmpty();
    assertThat(of("[Desktop Entry]\nType=Application\nName=A\nExec=a\nHidden=true")).isEmpty();
    assertThat(of("[Desktop Entry]\nType=Link\nName=A\nURL=b")).isEmpty();
    assertThat(of("[Desktop Entry]\nType=Application\nExec=a")).isEmpty();
    assertThat(of("[Desktop Entry]\nType=Application\nName=A")).isEmpty();
    assertThat(of("[Desktop Entry]\nType=Application\nName=A\nExec=a \"")).isEmpty();
    assertThat(of("no entry at all")).isEmpty();
    assertThat(of("")).isEmpty();
  }

  @Test
  void a_value_cannot_add_a_line() {
    Optional<String> text =
        texts.of(
            DesktopEntry.parse(
                "[Desktop Entry]\nType=Application\nName=A\\nExec=evil\nExec=a \"x\\ny\""),
            Optional.of(Path.of("/i\nExec=evil")));
    assertThat(text.orElseThrow().lines().filter(line -> line.startsWith("Exec="))).hasSize(1);
  }

  @Test
  void actions_go_through_the_launcher_too() {
    DesktopEntry entry =
        of("""
        [Desktop Entry]
        Type=Application
        Name=Browser
        Exec=browse %u
        Actions=private;broken;missing;
        [Desktop Action private]
        Name=Private window
        Exec=browse --private %u
        [Desktop Action broken]
        Name=Broken
        Exec="
        """)
            .orElseThrow();
    assertThat(entry.text("Actions")).contains("private;");
    assertThat(entry.text("Desktop Action private", "Exec"))
        .contains("/l launch web browse --private %u");
  }

  @Test
  void names_of_files_stay_apart() {
    assertThat(Shortcuts.fileName("org.gnome.Calculator")).isEqualTo("org.gnome.Calculator");
    assertThat(Shortcuts.fileName("a b")).isNotEqualTo(Shortcuts.fileName("a_b"));
    assertThat(Shortcuts.fileName("a\nb")).matches("[A-Za-z0-9._-]+");
    assertThat(Shortcuts.fileName("x".repeat(240))).hasSizeLessThan(100);
  }
}
