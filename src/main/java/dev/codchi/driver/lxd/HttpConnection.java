package dev.codchi.driver.lxd;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 connection (RFC 9112): requests one after the other, each answered before the next.
 * Sending and receiving are two steps, so that several connections can wait for their answers at
 * the same time without a thread for each.
 */
final class HttpConnection implements Closeable {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketStream socket;
  private boolean reusable = true;
  private boolean bodyRead = true;
  private boolean headOnly;

  HttpConnection(SocketStream socket) {
    this.socket = socket;
  }

  /** Sends a request, its body included. */
  void send(HttpRequest request) throws IOException {
    headOnly = request.method().equals("HEAD");
    StringBuilder head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    header(head, "Host", "lxd");
    header(head, "User-Agent", "codchi");
    request.headers().forEach((name, value) -> header(head, name, value));
    switch (request.body()) {
      case HttpRequest.NoBody none -> {
        if (!request.method().equals("GET") && !headOnly) {
          header(head, "Content-Length", "0");
        }
        socket.write(ended(head));
      }
      case HttpRequest.Bytes bytes -> {
        header(head, "Content-Length", Integer.toString(bytes.content().length));
        socket.write(ended(head), ByteBuffer.wrap(bytes.content()));
      }
      case HttpRequest.Streamed streamed -> {
        header(head, "Transfer-Encoding", "chunked");
        socket.write(ended(head));
        sendChunks(streamed.content());
      }
    }
  }

  /**
   * Reads the head of the answer to the request that was sent last. Interim answers (1xx) are
   * skipped, except 101, which ends HTTP on this connection.
   *
   * @param release called when the caller closes the response
   */
  HttpResponse receive(Closeable release) throws IOException {
    bodyRead = false;
    while (true) {
      int status = statusOf(socket.readLine());
      Map<String, String> headers = readHeaders();
      if (status == 101) {
        reusable = false;
        return new HttpResponse(status, headers, InputStream.nullInputStream(), release);
      }
      if (status < 200) {
        continue;
      }
      if ("close".equalsIgnoreCase(headers.get("connection"))) {
        reusable = false;
      }
      if (headOnly) {
        bodyRead = true; // whatever length the head tells (RFC 9112 §6.3)
        return new HttpResponse(status, headers, InputStream.nullInputStream(), release);
      }
      InputStream body = HttpBodies.of(status, headers, socket, () -> bodyRead = true);
      return new HttpResponse(status, headers, body, release);
    }
  }

  /** The bare socket, after a successful upgrade. */
  SocketStream socket() {
    return socket;
  }

  /** Whether the last answer was read to its end and another request may follow. */
  boolean reusable() {
    return reusable && bodyRead;
  }

  /** Whether the daemon still holds its side of an unused connection. */
  boolean alive() {
    return socket.idleAndOpen();
  }

  private Map<String, String> readHeaders() throws IOException {
    Map<String, String> headers = new HashMap<>();
    String line = socket.readLine();
    while (!line.isEmpty()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new ProtocolException("no header: " + line);
      }
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
      line = socket.readLine();
    }
    return headers;
  }

  private static int statusOf(String line) throws ProtocolException {
    // HTTP-version SP 3DIGIT SP [reason] (RFC 9112 §4)
    if (line.startsWith("HTTP/1.") && line.length() >= 12) {
      try {
        return Integer.parseInt(line, 9, 12, 10);
      } catch (NumberFormatException wrong) {
        throw new ProtocolException("no HTTP status: " + line);
      }
    }
    throw new ProtocolException("no HTTP status: " + line);
  }

  private void sendChunks(InputStream content) throws IOException {
    byte[] chunk = new byte[64 * 1024];
    for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
      if (count > 0) {
        String size = Integer.toHexString(count) + "\r\n";
        socket.write(
            ByteBuffer.wrap(size.getBytes(StandardCharsets.US_ASCII)),
            ByteBuffer.wrap(chunk, 0, count),
            ByteBuffer.wrap(CRLF));
      }
    }
    socket.write(ByteBuffer.wrap(LAST_CHUNK));
  }

  private static void header(StringBuilder head, String name, String value) {
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("line end in header " + name);
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private static ByteBuffer ended(StringBuilder head) {
    byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
