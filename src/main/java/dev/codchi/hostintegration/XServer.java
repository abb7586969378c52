package dev.codchi.hostintegration;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection to an X server, for as long as it takes to get a cookie from it. Speaks the core
 * protocol ("X Window System Protocol", connection setup and {@code QueryExtension}) and the
 * request {@code SecurityGenerateAuthorization} of the "Security Extension Specification".
 */
final class XServer implements AutoCloseable {
  /** The server does not let us in. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int PROTOCOL_MAJOR = 11;
  private static final int QUERY_EXTENSION = 98;
  private static final int GENERATE = 1;
  private static final int REPLY = 32;
  private static final int TIMEOUT_AND_TRUST = 3;
  private static final int NEVER_EXPIRES = 0;
  private static final int TRUSTED = 0;

  private final SocketChannel channel;
  private final Selector selector;

  private XServer(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @param cookie shown to the server; empty for none
   * @throws Refused when the server runs and says no
   * @throws IOException when there is none, as behind a stale socket
   */
  static XServer connect(Path socket, byte[] cookie) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
    XServer server = new XServer(channel, selector);
    try {
      server.setUp(cookie);
      return server;
    } catch (IOException | RuntimeException failed) {
      server.close();
      throw failed;
    }
  }

  private void setUp(byte[] cookie) throws IOException {
    byte[] protocol =
        (cookie.length == 0 ? "" : XCookies.PROTOCOL).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer request =
        buffer(12 + padded(protocol.length) + padded(cookie.length))
            .put((byte) 'l')
            .put((byte) 0)
            .putShort((short) PROTOCOL_MAJOR)
            .putShort((short) 0)
            .putShort((short) protocol.length)
            .putShort((short) cookie.length)
            .putShort((short) 0);
    put(request, protocol);
    put(request, cookie);
    send(request);
    ByteBuffer head = read(8);
    ByteBuffer rest = read(4 * Short.toUnsignedInt(head.getShort(6)));
    if (head.get(0) != 1) {
      int length = Math.min(Byte.toUnsignedInt(head.get(1)), rest.capacity());
      throw new Refused(new String(rest.array(), 0, length, StandardCharsets.ISO_8859_1).strip());
    }
  }

  /**
   * Asks for a new cookie that lets programs in with all rights until the server ends.
   *
   * @throws IOException also when the server has no SECURITY extension
   */
  byte[] generateCookie() throws IOException {
    int opcode = extension("SECURITY");
    byte[] protocol = XCookies.PROTOCOL.getBytes(StandardCharsets.US_ASCII);
    int length = 12 + padded(protocol.length) + 8;
    ByteBuffer request =
        buffer(length)
            .put((byte) opcode)
            .put((byte) GENERATE)
            .putShort((short) (length / 4))
            .putShort((short) protocol.length)
            .putShort((short) 0)
            .putInt(TIMEOUT_AND_TRUST);
    put(request, protocol);
    request.putInt(NEVER_EXPIRES).putInt(TRUSTED);
    send(request);
    ByteBuffer reply = reply();
    byte[] cookie = new byte[Short.toUnsignedInt(reply.getShort(12))];
    reply.position(REPLY).get(cookie);
    return cookie;
  }

  private int extension(String name) throws IOException {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    int length = 8 + padded(text.length);
    ByteBuffer request =
        buffer(length)
            .put((byte) QUERY_EXTENSION)
            .put((byte) 0)
            .putShort((short) (length / 4))
            .putShort((short) text.length)
            .putShort((short) 0);
    put(request, text);
    send(request);
    ByteBuffer reply = reply();
    if (reply.get(8) == 0) {
      throw new IOException("the X server has no extension " + name);
    }
    return Byte.toUnsignedInt(reply.get(9));
  }

  /** The reply to the request before; nobody asked for events, so nothing else comes. */
  private ByteBuffer reply() throws IOException {
    ByteBuffer head = read(REPLY);
    if (head.get(0) != 1) {
      throw new IOException("the X server answers with error " + Byte.toUnsignedInt(head.get(1)));
    }
    ByteBuffer more = read(4 * head.getInt(4));
    return buffer(head.capacity() + more.capacity()).put(head.array()).put(more.array());
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int padded(int length) {
    return (length + 3) / 4 * 4;
  }

  private static void put(ByteBuffer request, byte[] text) {
    request.put(text).put(new byte[padded(text.length) - text.length]);
  }

  private void send(ByteBuffer request) throws IOException {
    request.flip();
    while (request.hasRemaining()) {
      channel.write(request);
    }
  }

  private ByteBuffer read(int size) throws IOException {
    ByteBuffer buffer = buffer(size);
    while (buffer.hasRemaining()) {
      if (selector.select(PATIENCE.toMillis()) == 0) {
        throw new IOException("the X server does not answer");
      }
      selector.selectedKeys().clear();
      if (channel.read(buffer) < 0) {
        throw new EOFException("the X server closed the connection");
      }
    }
    return buffer;
  }

  @Override
  public void close() throws IOException {
    try (SocketChannel _ = channel) {
      selector.close();
    }
  }
}
