package dev.codchi.driver.lxd;

import java.io.Closeable;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Closing of sockets whose content has been used up. */
final class Sockets {
  private static final Logger LOG = Logger.getLogger(Sockets.class);

  private Sockets() {}

  /** Closes; what goes wrong then concerns nobody but the log. */
  static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException broken) {
      LOG.debug("closing a socket", broken);
    }
  }
}
