package dev.codchi.hostintegration;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Sockets of servers on this computer. */
public final class LocalSocket {
  private LocalSocket() {}

  /** Whether a server listens; a socket that a dead one left behind refuses connections. */
  static boolean answers(Path socket) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException | RuntimeException nobody) {
      return false;
    }
  }

  /** A text that differs once a server has made its socket anew; {@code "-"} without one. */
  public static String identity(Path socket) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(socket, BasicFileAttributes.class);
      // The time that it was made: a link to it changes its other times.
      return attributes.fileKey() + "@" + attributes.lastModifiedTime().toMillis();
    } catch (IOException none) {
      return "-";
    }
  }

  /** A text that differs for another directory at the same path. */
  static String place(Path directory) {
    try {
      return directory + "@" + Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    } catch (IOException none) {
      return "-";
    }
  }
}
