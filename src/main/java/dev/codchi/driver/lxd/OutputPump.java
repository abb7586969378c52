package dev.codchi.driver.lxd;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Copies a program's output from its WebSocket. The daemon sends binary frames and marks the end
 * with a text frame; then, or with a close frame, the output is complete.
 */
final class OutputPump {
  private static final int LARGEST_BUFFER = 128 * 1024;

  private OutputPump() {}

  /**
   * Copies until the end of the output. Memory does not grow with the output.
   *
   * @throws LocalOutput when the local side does not take it
   * @throws IOException when the connection breaks
   */
  static void copy(WebSocket from, OutputStream to) throws IOException {
    byte[] buffer = new byte[0];
    for (WebSocket.Frame frame = from.next();
        frame != null && frame.kind() == WebSocket.BINARY;
        frame = from.next()) {
      // Most programs say little; clearing a large buffer would take longer than copying that.
      int wanted = (int) Math.min(frame.length(), LARGEST_BUFFER);
      if (wanted > buffer.length) {
        buffer = new byte[wanted];
      }
      int count = from.read(buffer, 0, buffer.length);
      while (count >= 0) {
        write(to, buffer, count);
        count = from.read(buffer, 0, buffer.length);
      }
      flush(to);
    }
  }

  private static void write(OutputStream to, byte[] buffer, int count) throws LocalOutput {
    try {
      to.write(buffer, 0, count);
    } catch (IOException refused) {
      throw new LocalOutput(refused);
    }
  }

  private static void flush(OutputStream to) throws LocalOutput {
    try {
      to.flush();
    } catch (IOException refused) {
      throw new LocalOutput(refused);
    }
  }

  /** The receiver of the output is gone, for example {@code head} in a pipeline. */
  static final class LocalOutput extends IOException {
    private static final long serialVersionUID = 1L;

    private final IOException reason;

    LocalOutput(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }
}
