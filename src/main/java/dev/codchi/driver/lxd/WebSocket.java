package dev.codchi.driver.lxd;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a WebSocket connection (RFC 6455) after its handshake. One thread reads,
 * several may write. Data frames are handed out one by one, as they come; a reader that does not
 * care about message boundaries needs no memory beyond its own buffer.
 */
final class WebSocket implements Closeable {
  private static final Logger LOG = Logger.getLogger(WebSocket.class);

  /** Kinds of frames (RFC 6455 §5.2). */
  static final int CONTINUATION = 0x0;

  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int LONGEST_CONTROL = 125;

  private final SocketStream socket;
  private final ReentrantLock writing = new ReentrantLock();
  private boolean closeSent;
  private int messageKind = CONTINUATION;
  private long remaining;

  WebSocket(SocketStream socket) {
    this.socket = socket;
  }

  /**
   * A data frame whose payload has not been read.
   *
   * @param kind {@link #TEXT} or {@link #BINARY}; a continuation has its message's kind
   * @param last whether the message ends with it
   * @param length bytes of payload
   */
  record Frame(int kind, boolean last, long length) {}

  /**
   * The next data frame; what is unread of the one before is skipped. Pings are answered and pongs
   * dropped on the way. After the other side's close frame, which is answered, or the end of the
   * connection there is none.
   */
  @Nullable Frame next() throws IOException {
    skipRest();
    while (true) {
      int first = socket.read();
      if (first < 0) {
        return null;
      }
      int second = socket.require();
      int kind = first & 0x0f;
      boolean last = (first & FINAL) != 0;
      if ((first & 0x70) != 0 || (second & MASKED) != 0) {
        throw new ProtocolException("a WebSocket frame that no server may send");
      }
      long length = lengthOf(second & 0x7f);
      if (kind < CLOSE) {
        return data(kind, last, length);
      }
      if (!last || length > LONGEST_CONTROL) {
        throw new ProtocolException("a WebSocket control frame that is too long");
      }
      byte[] payload = new byte[(int) length];
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) socket.require();
      }
      switch (kind) {
        case PING -> reply(PONG, payload, payload.length);
        case PONG -> {}
        case CLOSE -> {
          // The answer repeats the status code (§5.5.1).
          reply(CLOSE, payload, Math.min(2, payload.length));
          return null;
        }
        default -> throw new ProtocolException("unknown WebSocket frame: " + kind);
      }
    }
  }

  /**
   * Answers a control frame. The other side may have gone already and left data behind that is
   * still to be read, so an answer that does not get through is no reason to stop reading.
   */
  private void reply(int kind, byte[] payload, int length) {
    try {
      send(kind, payload, 0, length);
    } catch (IOException gone) {
      LOG.debug("answering a WebSocket control frame", gone);
    }
  }

  private Frame data(int kind, boolean last, long length) throws ProtocolException {
    if (kind == CONTINUATION) {
      if (messageKind == CONTINUATION) {
        throw new ProtocolException("a WebSocket continuation without a beginning");
      }
    } else if (kind > BINARY || messageKind != CONTINUATION) {
      throw new ProtocolException("an unexpected WebSocket frame: " + kind);
    } else {
      messageKind = kind;
    }
    Frame frame = new Frame(messageKind, last, length);
    if (last) {
      messageKind = CONTINUATION;
    }
    remaining = length;
    return frame;
  }

  /** Reads from the payload of the current frame; -1 at its end. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int count = socket.read(target, offset, (int) Math.min(length, remaining));
    if (count < 0) {
      throw new java.io.EOFException("the daemon closed the connection in the middle of a frame");
    }
    remaining -= count;
    return count;
  }

  private void skipRest() throws IOException {
    byte[] scratch = remaining > 0 ? new byte[8192] : new byte[0];
    while (remaining > 0) {
      int skipped = read(scratch, 0, scratch.length);
      if (skipped < 0) {
        return;
      }
    }
  }

  private long lengthOf(int field) throws IOException {
    int more =
        switch (field) {
          case 126 -> 2;
          case 127 -> 8;
          default -> 0;
        };
    if (more == 0) {
      return field;
    }
    long length = 0;
    for (int i = 0; i < more; i++) {
      length = (length << 8) | socket.require();
    }
    if (length < 0) {
      throw new ProtocolException("a WebSocket frame of more than 2^63 bytes");
    }
    return length;
  }

  /** Sends a whole text message. */
  void sendText(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    send(TEXT, payload, 0, payload.length);
  }

  /** Sends a whole binary message. The array's content is masked in place, that is, destroyed. */
  void sendBinary(byte[] payload, int offset, int length) throws IOException {
    send(BINARY, payload, offset, length);
  }

  private void send(int kind, byte[] payload, int offset, int length) throws IOException {
    // A mask protects caches between client and server (§10.3); on a local socket there are none,
    // so an ordinary random number will do.
    int mask = ThreadLocalRandom.current().nextInt();
    ByteBuffer head = ByteBuffer.allocate(14);
    head.put((byte) (FINAL | kind));
    if (length <= LONGEST_CONTROL) {
      head.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      head.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      head.put((byte) (MASKED | 127)).putLong(length);
    }
    head.putInt(mask).flip();
    mask(payload, offset, length, mask);
    writing.lock();
    try {
      if (!closeSent) {
        closeSent = kind == CLOSE;
        socket.write(head, ByteBuffer.wrap(payload, offset, length));
      }
    } finally {
      writing.unlock();
    }
  }

  /** XORs with the mask, eight bytes at a time where possible (§5.3). */
  static void mask(byte[] payload, int offset, int length, int mask) {
    ByteBuffer bytes = ByteBuffer.wrap(payload, offset, length);
    long wide = ((long) mask << 32) | (mask & 0xffffffffL);
    int at = offset;
    for (; at + 8 <= offset + length; at += 8) {
      bytes.putLong(at, bytes.getLong(at) ^ wide);
    }
    for (int i = 0; at < offset + length; at++, i++) {
      payload[at] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
    }
  }

  /** Says that this side has finished; data of the other side may still come. */
  void sendClose(int code) throws IOException {
    byte[] payload = {(byte) (code >> 8), (byte) code};
    send(CLOSE, payload, 0, payload.length);
  }

  /** Ends the connection without ceremony; a thread that reads gets an exception. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
