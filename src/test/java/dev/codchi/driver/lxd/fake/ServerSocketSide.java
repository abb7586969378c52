package dev.codchi.driver.lxd.fake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server's side of a WebSocket, as LXD uses it. */
final class ServerSocketSide {
  private final Wire wire;

  ServerSocketSide(Wire wire) {
    this.wire = wire;
  }

  /** A whole message. */
  @SuppressWarnings("ArrayRecordComponent")
  record Message(int kind, byte[] payload) {}

  static ServerSocketSide accept(Wire wire, Wire.Request request) throws IOException {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (request.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      wire.answer(
          101,
          Map.of(
              "Upgrade",
              "websocket",
              "Connection",
              "Upgrade",
              "Sec-WebSocket-Accept",
              Base64.getEncoder().encodeToString(digest)),
          new byte[0]);
      return new ServerSocketSide(wire);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The next message that is no ping or pong; nothing when the client is gone. */
  @Nullable Message next() throws IOException {
    while (true) {
      int first = wire.read();
      if (first < 0) {
        return null;
      }
      int second = wire.read();
      if ((second & 0x80) == 0) {
        throw new IOException("a client has to mask its frames");
      }
      int length = second & 0x7f;
      if (length == 126) {
        length = ByteBuffer.wrap(wire.bytes(2)).getShort() & 0xffff;
      } else if (length == 127) {
        length = Math.toIntExact(ByteBuffer.wrap(wire.bytes(8)).getLong());
      }
      byte[] mask = wire.bytes(4);
      byte[] payload = wire.bytes(length);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i % 4];
      }
      int kind = first & 0x0f;
      if (kind == 1 || kind == 2) {
        return new Message(kind, payload);
      }
      if (kind == 8) {
        return null;
      }
    }
  }

  synchronized void send(int kind, byte[] payload, int length) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(length + 10);
    frame.put((byte) (0x80 | kind));
    if (length < 126) {
      frame.put((byte) length);
    } else if (length < 65536) {
      frame.put((byte) 126).putShort((short) length);
    } else {
      frame.put((byte) 127).putLong(length);
    }
    frame.put(payload, 0, length).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    wire.write(bytes);
  }

  /** LXD's mark for the end of a stream. */
  void end() throws IOException {
    send(1, new byte[0], 0);
  }

  void close() throws IOException {
    wire.close();
  }
}
