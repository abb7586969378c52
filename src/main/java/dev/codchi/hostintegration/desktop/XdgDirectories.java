package dev.codchi.hostintegration.desktop;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a desktop session looks for a person's own files (XDG Base Directory Specification 0.8;
 * Desktop Menu Specification 1.1, "File locations"; Desktop Application Autostart Specification
 * 0.5).
 *
 * @param data {@code XDG_DATA_HOME} or its default
 * @param config {@code XDG_CONFIG_HOME} or its default
 */
record XdgDirectories(Path data, Path config) {
  /** The directories that the environment names; none where it names no home. */
  static Optional<XdgDirectories> of(Map<String, String> environment) {
    Optional<Path> home = absolute(environment.get("HOME"));
    Optional<Path> data =
        absolute(environment.get("XDG_DATA_HOME")).or(() -> below(home, ".local/share"));
    Optional<Path> config =
        absolute(environment.get("XDG_CONFIG_HOME")).or(() -> below(home, ".config"));
    return data.flatMap(one -> config.map(other -> new XdgDirectories(one, other)));
  }

  /** Desktop entries of programs. */
  Path applications() {
    return data.resolve("applications");
  }

  /** Konsole's profiles, and whatever else it keeps for a person. */
  Path konsole() {
    return data.resolve("konsole");
  }

  /** Names and icons of submenus. */
  Path menuDirectories() {
    return data.resolve("desktop-directories");
  }

  /** Additions to the menu; the directory has this name on every desktop. */
  Path menus() {
    return config.resolve("menus/applications-merged");
  }

  /** Desktop entries of programs that start with the session. */
  Path autostart() {
    return config.resolve("autostart");
  }

  /** A relative path in these variables is invalid and is to be ignored. */
  private static Optional<Path> absolute(@org.jspecify.annotations.Nullable String value) {
    return value != null && value.startsWith("/") ? Optional.of(Path.of(value)) : Optional.empty();
  }

  private static Optional<Path> below(Optional<Path> home, String path) {
    return home.map(found -> found.resolve(path));
  }
}
