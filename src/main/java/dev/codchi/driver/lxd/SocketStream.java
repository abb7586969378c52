package dev.codchi.driver.lxd;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A connected unix socket with a small read buffer, the common ground of HTTP and WebSocket. Reads
 * and writes block; one thread may read while another one writes.
 */
final class SocketStream extends InputStream implements Closeable {
  /** Holds a response head, and the answers that an exec needs, in one read. */
  private static final int BUFFER = 4 * 1024;

  /** For what turned out to be longer. */
  private static final int LARGE_BUFFER = 64 * 1024;

  /** Longer lines than this are no HTTP that a daemon would send. */
  private static final int LONGEST_LINE = 64 * 1024;

  private final SocketChannel channel;
  private byte[] buffer = new byte[BUFFER];
  private int start;
  private int end;

  SocketStream(SocketChannel channel) {
    this.channel = channel;
  }

  static SocketStream connect(Path socket) throws IOException {
    return new SocketStream(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  @Override
  public int read() throws IOException {
    if (start == end && !fill()) {
      return -1;
    }
    return buffer[start++] & 0xff;
  }

  /** Reads what is there, straight into the caller's array when nothing is buffered. */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (start == end) {
      if (length >= buffer.length) {
        return channel.read(ByteBuffer.wrap(target, offset, length));
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, end - start);
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  /** The next byte; the end of the stream is an error. */
  int require() throws IOException {
    int next = read();
    if (next < 0) {
      throw new EOFException("the daemon closed the connection in the middle of a message");
    }
    return next;
  }

  /**
   * One line without its end, which is CR LF or, as RFC 9112 §2.2 allows, LF alone.
   *
   * @throws EOFException when the stream ends before the line does
   */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      int next = require();
      if (next == '\n') {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      if (line.length() == LONGEST_LINE) {
        throw new ProtocolException("the daemon sent a line of more than 64 KiB");
      }
      line.append((char) next);
    }
  }

  /** Writes all of the given buffers, in few system calls. */
  void write(ByteBuffer... buffers) throws IOException {
    long remaining = 0;
    for (ByteBuffer each : buffers) {
      remaining += each.remaining();
    }
    while (remaining > 0) {
      remaining -= channel.write(buffers);
    }
  }

  /** Writes text in ASCII. */
  void write(String text) throws IOException {
    write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Whether the connection can carry another request: nothing unread is buffered and the other side
   * has not closed it. Asks the kernel only.
   */
  boolean idleAndOpen() {
    if (start != end || !channel.isOpen()) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      try {
        return channel.read(ByteBuffer.allocate(1)) == 0;
      } finally {
        channel.configureBlocking(true);
      }
    } catch (IOException closed) {
      return false;
    }
  }

  /** Tells the other side that nothing more will be sent; reading goes on. */
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  private boolean fill() throws IOException {
    if (end == buffer.length && end < LARGE_BUFFER) {
      buffer = new byte[LARGE_BUFFER];
    }
    start = 0;
    end = 0;
    int count = channel.read(ByteBuffer.wrap(buffer));
    if (count < 0) {
      return false;
    }
    end = count;
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
