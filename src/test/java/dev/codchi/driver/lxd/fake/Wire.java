package dev.codchi.driver.lxd.fake;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server's end of a connection: requests in, answers out. Written apart from the client. */
final class Wire implements Closeable {
  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024).flip();

  private boolean headOnly;

  Wire(SocketChannel channel) {
    this.channel = channel;
  }

  /** A request with its whole body. */
  @SuppressWarnings("ArrayRecordComponent")
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    /** A query parameter, decoded; empty when absent. */
    String parameter(String name) {
      int query = target.indexOf('?');
      if (query >= 0) {
        for (String pair : target.substring(query + 1).split("&", -1)) {
          if (pair.startsWith(name + "=")) {
            return java.net.URLDecoder.decode(
                pair.substring(name.length() + 1), StandardCharsets.UTF_8);
          }
        }
      }
      return "";
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /** The next request, or nothing when the client has closed the connection. */
  @Nullable Request request() throws IOException {
    String first = line();
    if (first == null) {
      return null;
    }
    String[] words = first.split(" ", -1);
    headOnly = words[0].equals("HEAD");
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = new byte[0];
    if (headers.containsKey("content-length")) {
      body = bytes(Integer.parseInt(headers.get("content-length")));
    } else if (headers.containsKey("transfer-encoding")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = chunk(); size > 0; size = chunk()) {
        all.writeBytes(bytes(size));
        line();
      }
      line();
      body = all.toByteArray();
    }
    return new Request(words[0], words[1], headers, body);
  }

  private int chunk() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException();
    }
    return Integer.parseInt(line, 16);
  }

  void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Answer\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (status != 101) {
      head.append("Content-Length: " + body.length + "\r\n");
    }
    write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    if (!headOnly) {
      write(body);
    }
  }

  /** Sends bytes as they are. */
  void write(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** One byte, or -1. */
  int read() throws IOException {
    if (!in.hasRemaining()) {
      in.clear();
      int count = channel.read(in);
      in.flip();
      if (count <= 0) {
        return -1;
      }
    }
    return in.get() & 0xff;
  }

  byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      int next = read();
      if (next < 0) {
        throw new EOFException();
      }
      bytes[done++] = (byte) next;
      int buffered = Math.min(in.remaining(), count - done);
      in.get(bytes, done, buffered);
      done += buffered;
    }
    return bytes;
  }

  private @Nullable String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = read(); next >= 0; next = read()) {
      if (next == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) next);
    }
    return line.isEmpty() ? null : line.toString();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
