package dev.codchi.driver.lxd;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the daemon's unix socket may be. An environment variable or a setting is a decision:
 * nothing else is tried then. Without one, Incus comes before LXD, as its own client does.
 *
 * <p>Sources: the variables {@code INCUS_SOCKET}, {@code INCUS_DIR}, {@code LXD_SOCKET} and {@code
 * LXD_DIR} of the two projects' client documentation ("environment variables"); the paths of the
 * Debian packages and of the LXD snap.
 *
 * @param candidates in the order in which they are tried, never empty
 * @param origin where a decision comes from, for messages; {@code null} when the usual places are
 *     searched
 */
record LxdSocket(List<Path> candidates, @Nullable String origin) {
  private static final List<Path> USUAL =
      List.of(
          Path.of("/run/incus/unix.socket"),
          Path.of("/var/lib/incus/unix.socket"),
          Path.of("/var/snap/lxd/common/lxd/unix.socket"),
          Path.of("/var/lib/lxd/unix.socket"));

  /**
   * Decides where to look.
   *
   * @param setting codchi's own setting
   * @param environment the process environment
   */
  static LxdSocket locate(Optional<Path> setting, Map<String, String> environment) {
    if (setting.isPresent()) {
      return new LxdSocket(List.of(setting.get()), "the setting lxd.socket");
    }
    for (String project : List.of("INCUS", "LXD")) {
      String socket = environment.getOrDefault(project + "_SOCKET", "");
      if (!socket.isEmpty()) {
        return new LxdSocket(List.of(Path.of(socket)), project + "_SOCKET");
      }
      String directory = environment.getOrDefault(project + "_DIR", "");
      if (!directory.isEmpty()) {
        return new LxdSocket(List.of(Path.of(directory, "unix.socket")), project + "_DIR");
      }
    }
    return new LxdSocket(USUAL, null);
  }

  /** Whether the socket belongs to the LXD snap, whose daemon has its own id mapping files. */
  static boolean snap(Path socket) {
    return socket.startsWith("/var/snap");
  }
}
