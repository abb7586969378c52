package dev.codchi.driver.lxd;

import java.io.IOException;
import java.io.InputStream;
import org.jboss.logging.Logger;

/**
 * Feeds a program's input from a stream. An empty text frame tells the daemon to close the
 * program's input.
 *
 * @param from read until its end
 * @param to the program's input
 */
record InputPump(InputStream from, WebSocket to) implements Runnable {
  private static final Logger LOG = Logger.getLogger(InputPump.class);
  private static final int FIRST_BUFFER = 4 * 1024;
  private static final int LARGEST_BUFFER = 64 * 1024;

  @Override
  public void run() {
    byte[] buffer = new byte[FIRST_BUFFER];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        if (count > 0) {
          to.sendBinary(buffer, 0, count);
        }
        if (count == buffer.length && count < LARGEST_BUFFER) {
          // There is more where that came from; a keyboard would not fill it.
          buffer = new byte[LARGEST_BUFFER];
        }
      }
      to.sendText("");
    } catch (IOException ended) {
      // Usual: the program ended without reading all of its input.
      LOG.debug("the input of a program ended early", ended);
    }
  }
}
