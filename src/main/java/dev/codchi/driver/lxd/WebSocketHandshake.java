package dev.codchi.driver.lxd;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The opening handshake of one WebSocket connection (RFC 6455 §4.1).
 *
 * @param key 16 random bytes in base64
 */
record WebSocketHandshake(String key) {
  /** The constant of RFC 6455 §1.3 that a server appends to the key. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  static WebSocketHandshake random() {
    byte[] bytes = new byte[16];
    ThreadLocalRandom.current().nextBytes(bytes);
    return new WebSocketHandshake(Base64.getEncoder().encodeToString(bytes));
  }

  /** The request that asks for the upgrade. */
  HttpRequest request(String target) {
    return HttpRequest.of("GET", target)
        .with("Connection", "Upgrade")
        .with("Upgrade", "websocket")
        .with("Sec-WebSocket-Version", "13")
        .with("Sec-WebSocket-Key", key);
  }

  /** Checks the answer: 101, and proof that the server speaks WebSocket. */
  void verify(HttpResponse response) throws IOException {
    if (response.status() != 101) {
      byte[] body = response.body().readNBytes(4096);
      throw new ProtocolException(
          "no WebSocket: status "
              + response.status()
              + " "
              + new String(body, StandardCharsets.UTF_8).strip());
    }
    if (!"websocket".equalsIgnoreCase(response.header("Upgrade"))
        || !accept().equals(response.header("Sec-WebSocket-Accept"))) {
      throw new ProtocolException("the WebSocket handshake was answered wrongly");
    }
  }

  /** What a server has to answer. */
  String accept() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-1", impossible);
    }
  }
}
