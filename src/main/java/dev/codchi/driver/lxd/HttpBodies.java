package dev.codchi.driver.lxd;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.Map;

/** The three ways in which the end of a response body is marked (RFC 9112 §6.3). */
final class HttpBodies {
  private HttpBodies() {}

  /** Told once, when a body has been read to its end. */
  @FunctionalInterface
  interface End {
    void reached();
  }

  /**
   * The body that follows a response head.
   *
   * @param headers names in lower case
   * @param end told when the connection stands behind the body and can be used again; never told
   *     for a body that ends with the connection
   */
  static InputStream of(int status, Map<String, String> headers, SocketStream socket, End end)
      throws IOException {
    String coding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (status == 204 || status == 304) {
      return new Fixed(socket, 0, end);
    }
    if (coding != null) {
      if (!coding.toLowerCase(Locale.ROOT).equals("chunked")) {
        throw new ProtocolException("unknown transfer coding: " + coding);
      }
      return new Chunked(socket, end);
    }
    if (length == null) {
      return new UntilClose(socket);
    }
    try {
      return new Fixed(socket, Long.parseUnsignedLong(length.strip()), end);
    } catch (NumberFormatException wrong) {
      throw new ProtocolException("no content length: " + length);
    }
  }

  /** A body of known length. */
  static final class Fixed extends Counted {
    private final End end;

    Fixed(SocketStream socket, long length, End end) {
      super(socket);
      this.end = end;
      remaining = length;
      if (length == 0) {
        end.reached();
      }
    }

    @Override
    boolean more() {
      return remaining > 0;
    }

    @Override
    void partDone() {
      end.reached();
    }
  }

  /** A body in chunks (RFC 9112 §7.1). Chunk extensions and trailers are read and ignored. */
  static final class Chunked extends Counted {
    private final End end;
    private boolean finished;
    private boolean first = true;

    Chunked(SocketStream socket, End end) {
      super(socket);
      this.end = end;
    }

    @Override
    boolean more() throws IOException {
      if (remaining > 0) {
        return true;
      }
      if (finished) {
        return false;
      }
      if (!first && !socket.readLine().isEmpty()) {
        throw new ProtocolException("a chunk is longer than it says");
      }
      first = false;
      String line = socket.readLine();
      int extension = line.indexOf(';');
      String size = (extension < 0 ? line : line.substring(0, extension)).strip();
      try {
        remaining = Long.parseUnsignedLong(size, 16);
      } catch (NumberFormatException wrong) {
        throw new ProtocolException("no chunk size: " + line);
      }
      if (remaining < 0) {
        throw new ProtocolException("no chunk size: " + line);
      }
      if (remaining == 0) {
        String trailer = socket.readLine();
        while (!trailer.isEmpty()) {
          trailer = socket.readLine();
        }
        finished = true;
        end.reached();
      }
      return remaining > 0;
    }

    @Override
    void partDone() {
      // The line end behind the chunk is read together with the next chunk's size.
    }
  }

  /** A body that ends with the connection. */
  static final class UntilClose extends InputStream {
    private final SocketStream socket;

    UntilClose(SocketStream socket) {
      this.socket = socket;
    }

    @Override
    public int read() throws IOException {
      return socket.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return socket.read(target, offset, length);
    }
  }

  /** Reading of a counted number of bytes. */
  abstract static class Counted extends InputStream {
    final SocketStream socket;
    long remaining;

    Counted(SocketStream socket) {
      this.socket = socket;
    }

    /** Whether bytes remain; looks for the next part when one has ended. */
    abstract boolean more() throws IOException;

    /** The counted bytes have been read. */
    abstract void partDone();

    @Override
    public final int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!more()) {
        return -1;
      }
      int count = socket.read(target, offset, (int) Math.min(length, remaining));
      if (count < 0) {
        throw new EOFException("the daemon closed the connection in the middle of an answer");
      }
      remaining -= count;
      if (remaining == 0) {
        partDone();
      }
      return count;
    }
  }
}
