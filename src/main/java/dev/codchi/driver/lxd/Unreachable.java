package dev.codchi.driver.lxd;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Tells apart why a daemon cannot be reached: no socket, nobody behind it, or no permission. The
 * three look alike in an exception; the difference is the errno's text and the file itself.
 */
final class Unreachable {
  private Unreachable() {}

  /**
   * The failure to report.
   *
   * @param path the socket that was tried
   * @param socket where it was looked for
   * @param cause what connecting said
   */
  static Failure explain(Path path, LxdSocket socket, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("Permission denied")) {
      return Failure.of(FailureCode.LXD_PERMISSION, "You may not use the daemon's socket " + path)
          .because(owner(path))
          .next(permissionAdvice(path))
          .causedBy(cause);
    }
    if (cause instanceof ConnectException || text.contains("Connection refused")) {
      return Failure.of(FailureCode.LXD_NOT_RUNNING, "Nothing answers at the socket " + path)
          .because(
              origin(socket) + "The socket file is there, but no daemon listens (" + text + ")")
          .causedBy(cause);
    }
    if (text.contains("No such file") || text.contains("Not a directory")) {
      return Failure.of(
              FailureCode.LXD_SOCKET_MISSING,
              socket.origin() == null
                  ? "Neither LXD nor Incus was found on this computer"
                  : "There is no socket " + path)
          .because(
              socket.origin() == null
                  ? "None of these sockets exists: "
                      + String.join(", ", socket.candidates().stream().map(Path::toString).toList())
                  : origin(socket).strip())
          .causedBy(cause);
    }
    return Failure.of(FailureCode.LXD_NOT_RUNNING, "The socket " + path + " cannot be used")
        .because(origin(socket) + text)
        .causedBy(cause);
  }

  private static String origin(LxdSocket socket) {
    return socket.origin() == null ? "" : "It was chosen by " + socket.origin() + ". ";
  }

  private static String owner(Path path) {
    try {
      PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
      return "It belongs to user "
          + attributes.owner().getName()
          + " and group "
          + attributes.group().getName();
    } catch (IOException | UnsupportedOperationException hidden) {
      return "Its directory cannot be entered";
    }
  }

  private static String permissionAdvice(Path path) {
    try {
      String group = Files.readAttributes(path, PosixFileAttributes.class).group().getName();
      if (!group.equals("root")) {
        return "Have root add you to its group, then log in again: usermod -aG " + group + " USER";
      }
    } catch (IOException | UnsupportedOperationException hidden) {
      return FailureCode.LXD_PERMISSION.advice();
    }
    return FailureCode.LXD_PERMISSION.advice();
  }
}
