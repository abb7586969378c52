package dev.codchi.driver.lxd;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP/1.1 request (RFC 9112 §3).
 *
 * @param method GET, HEAD, POST, PUT, PATCH or DELETE
 * @param target path and query, already encoded
 * @param headers in the order in which they are sent; {@code Host} and the body's own headers are
 *     added when it is written
 * @param body what is sent
 */
record HttpRequest(String method, String target, Map<String, String> headers, Body body) {
  /** What a request carries. */
  sealed interface Body {}

  /** Nothing. */
  record NoBody() implements Body {}

  /** Bytes in memory, sent with their length. */
  @SuppressWarnings("ArrayRecordComponent") // private to this package, never compared
  record Bytes(byte[] content) implements Body {}

  /** A stream of unknown length, sent in chunks (RFC 9112 §7.1); read once, not closed. */
  record Streamed(InputStream content) implements Body {}

  static HttpRequest of(String method, String target) {
    return new HttpRequest(method, target, Map.of(), new NoBody());
  }

  HttpRequest with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpRequest(method, target, more, body);
  }

  HttpRequest with(Body content) {
    return new HttpRequest(method, target, headers, content);
  }

  /** Whether it changes nothing and can be sent again (RFC 9110 §9.2.1). */
  boolean safe() {
    return method.equals("GET") || method.equals("HEAD");
  }

  HttpRequest withJson(String json) {
    return with("Content-Type", "application/json")
        .with(new Bytes(json.getBytes(StandardCharsets.UTF_8)));
  }
}
