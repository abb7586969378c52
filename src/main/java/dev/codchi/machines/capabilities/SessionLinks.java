package dev.codchi.machines.capabilities;

import dev.codchi.driver.Mount;
import dev.codchi.files.WholeFile;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The sockets of the person's session that one machine may use, as hard links in a directory of its
 * own: the machine sees these and nothing else of {@code XDG_RUNTIME_DIR}, where the session bus
 * and the keyring are, too. A link to a new socket is made without the container daemon.
 */
final class SessionLinks {
  private static final int ID_BYTES = 4;

  private final Path root;

  private SessionLinks(Path root) {
    this.root = root;
  }

  /** Those of the session that this process belongs to; nothing where it belongs to none. */
  static Optional<SessionLinks> of(Map<String, String> environment) {
    return runtimeDirectory(environment)
        .map(directory -> new SessionLinks(directory.resolve("codchi")));
  }

  /** {@code XDG_RUNTIME_DIR}, which some ways of logging in forget to set (pam_systemd(8)). */
  static Optional<Path> runtimeDirectory(Map<String, String> environment) {
    String named = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    Path directory = named.startsWith("/") ? Path.of(named) : Path.of("/run/user/" + userId());
    return Files.isDirectory(directory) && Files.isWritable(directory)
        ? Optional.of(directory)
        : Optional.empty();
  }

  private static Object userId() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException unreadable) {
      return "";
    }
  }

  /**
   * Distinguishes this session's directory from those of other logins: it is made with the first
   * machine and vanishes with the directory. Its file begins with a dot, as no machine's name does.
   */
  String id() throws IOException {
    Path file = root.resolve(".id");
    if (!Files.exists(file)) {
      byte[] random = new byte[ID_BYTES];
      ThreadLocalRandom.current().nextBytes(random);
      WholeFile.write(file, HexFormat.of().formatHex(random), 0600);
    }
    return Files.readString(file, StandardCharsets.US_ASCII).strip();
  }

  /**
   * Makes these the only links that a machine has; a socket that cannot be linked is told and left
   * out. Idempotent.
   */
  Mount link(String machine, Map<String, Path> sockets, Progress progress) throws IOException {
    Path directory = root.resolve(machine);
    WholeFile.createDirectories(directory);
    try (DirectoryStream<Path> present = Files.newDirectoryStream(directory)) {
      for (Path each : present) {
        if (!sockets.containsKey(each.getFileName().toString())) {
          Files.delete(each);
        }
      }
    }
    for (Map.Entry<String, Path> socket : sockets.entrySet()) {
      try {
        place(directory.resolve(socket.getKey()), socket.getValue());
      } catch (IOException gone) {
        progress.warn(machine + " does not get " + socket.getValue() + ": " + gone);
      }
    }
    return new Mount("session-" + id(), directory, MachineSide.SESSION, true);
  }

  private static void place(Path link, Path socket) throws IOException {
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(link, socket)) {
      return;
    }
    Path fresh = link.resolveSibling("." + link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createLink(fresh, socket.toRealPath());
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes what a machine has. */
  void remove(String machine) throws IOException {
    clear(machine);
    Files.deleteIfExists(root.resolve(machine));
  }

  /** Removes the links, and leaves the directory, which may still be mounted. Idempotent. */
  void clear(String machine) throws IOException {
    Path directory = root.resolve(machine);
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> present = Files.newDirectoryStream(directory)) {
        for (Path each : present) {
          Files.delete(each);
        }
      }
    }
  }
}
