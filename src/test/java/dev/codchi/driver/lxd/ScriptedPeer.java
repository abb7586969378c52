package dev.codchi.driver.lxd;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The other end of a unix socket, which sends exactly the bytes that a test says. */
final class ScriptedPeer implements Closeable {
  private final SocketStream client;
  private final SocketChannel server;

  ScriptedPeer(Path directory) throws IOException {
    Path path = directory.resolve("peer" + System.nanoTime());
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(path));
      client = SocketStream.connect(path);
      server = listening.accept();
    }
  }

  /** The client's end, for the code under test. */
  SocketStream client() {
    return client;
  }

  /** Sends text as it is, one byte per character. */
  ScriptedPeer say(String text) throws IOException {
    return say(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  ScriptedPeer say(byte... bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      server.write(out);
    }
    return this;
  }

  /** Sends nothing more. */
  ScriptedPeer hangUp() throws IOException {
    server.shutdownOutput();
    return this;
  }

  /** That many bytes that the client has sent. */
  byte[] heard(int count) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(count);
    while (in.hasRemaining()) {
      if (server.read(in) < 0) {
        throw new IOException("the client sent only " + in.position() + " bytes");
      }
    }
    return in.array();
  }

  String heardText(int count) throws IOException {
    return new String(heard(count), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
