package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTest {
  @TempDir Path directory;
  private ScriptedPeer peer;
  private WebSocket socket;

  @BeforeEach
  void connect() throws IOException {
    peer = new ScriptedPeer(directory);
    socket = new WebSocket(peer.client());
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private String payload(WebSocket.@Nullable Frame frame) throws IOException {
    byte[] content = new byte[(int) Objects.requireNonNull(frame).length()];
    int done = 0;
    for (int count = socket.read(content, 0, content.length);
        count > 0;
        count = socket.read(content, done, content.length - done)) {
      done += count;
    }
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  /** What the client sent as one frame: first byte, length, unmasked payload. */
  private String heardFrame(int headLength, int length) throws IOException {
    byte[] head = peer.heard(headLength);
    byte[] mask = peer.heard(4);
    byte[] payload = peer.heard(length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i % 4];
    }
    assertThat(head[1] & 0x80).as("mask bit").isEqualTo(0x80);
    return Integer.toHexString(head[0] & 0xff)
        + ":"
        + new String(payload, StandardCharsets.ISO_8859_1);
  }

  @Test
  void the_handshake_of_the_specification_is_accepted() throws IOException {
    // The example of RFC 6455 §1.3.
    WebSocketHandshake handshake = new WebSocketHandshake("dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(handshake.accept()).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    Map<String, String> good =
        Map.of("upgrade", "WebSocket", "sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    handshake.verify(new HttpResponse(101, good, InputStream.nullInputStream(), () -> {}));
    Map<String, String> other = Map.of("upgrade", "websocket", "sec-websocket-accept", "AAAA");
    assertThatThrownBy(() ->
            handshake.verify(new HttpResponse(101, other, InputStream.nullInputStream(), () -> {})))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() ->
            handshake.verify(
                new HttpResponse(403, Map.of(), InputStream.nullInputStream(), () -> {})))
        .hasMessageContaining("403");
  }

  @Test
  void two_handshakes_have_different_keys() {
    assertThat(WebSocketHandshake.random().key()).isNotEqualTo(WebSocketHandshake.random().key());
  }

  @Test
  void frames_of_the_specification_are_read() throws IOException {
    // RFC 6455 §5.7: an unmasked text message, and one in two fragments.
    peer.say(bytes(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f));
    peer.say(bytes(0x01, 0x03, 0x48, 0x65, 0x6c)).say(bytes(0x80, 0x02, 0x6c, 0x6f));
    WebSocket.Frame whole = socket.next();
    assertThat(whole).isEqualTo(new WebSocket.Frame(WebSocket.TEXT, true, 5));
    assertThat(payload(whole)).isEqualTo("Hello");
    WebSocket.Frame first = socket.next();
    assertThat(first).isEqualTo(new WebSocket.Frame(WebSocket.TEXT, false, 3));
    assertThat(payload(first)).isEqualTo("Hel");
    WebSocket.Frame second = socket.next();
    assertThat(second).isEqualTo(new WebSocket.Frame(WebSocket.TEXT, true, 2));
    assertThat(payload(second)).isEqualTo("lo");
  }

  @Test
  void a_ping_between_fragments_is_answered_and_disturbs_nothing() throws IOException {
    peer.say(bytes(0x02, 0x01, 'a')).say(bytes(0x89, 0x02, 'h', 'i')).say(bytes(0x8a, 0x00));
    peer.say(bytes(0x80, 0x01, 'b'));
    assertThat(payload(socket.next())).isEqualTo("a");
    assertThat(payload(socket.next())).isEqualTo("b");
    assertThat(heardFrame(2, 2)).isEqualTo("8a:hi");
  }

  @Test
  void long_frames_have_long_lengths() throws IOException {
    peer.say(bytes(0x82, 126, 0x01, 0x00)).say(new byte[256]);
    peer.say(bytes(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0));
    Thread sender = new Thread(() -> sayQuietly(new byte[65536]));
    sender.start();
    assertThat(socket.next()).isEqualTo(new WebSocket.Frame(WebSocket.BINARY, true, 256));
    // Its payload is not read: the next frame is found all the same.
    WebSocket.Frame big = socket.next();
    assertThat(big).isEqualTo(new WebSocket.Frame(WebSocket.BINARY, true, 65536));
    assertThat(payload(big)).hasSize(65536);
  }

  private void sayQuietly(byte[] bytes) {
    try {
      peer.say(bytes);
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 1000, 65535, 65536, 70001})
  void what_is_sent_is_masked_and_arrives(int length) throws Exception {
    byte[] content = new byte[length + 10];
    new Random(length).nextBytes(content);
    String expected = new String(content, 5, length, StandardCharsets.ISO_8859_1);
    Thread sender = new Thread(() -> sendQuietly(content, length));
    sender.start();
    int head = length < 126 ? 2 : length < 65536 ? 4 : 10;
    assertThat(heardFrame(head, length)).isEqualTo("82:" + expected);
    sender.join();
  }

  private void sendQuietly(byte[] content, int length) {
    try {
      socket.sendBinary(content, 5, length);
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  @Test
  void the_end_of_a_stream_is_an_empty_text_frame() throws IOException {
    socket.sendText("");
    assertThat(heardFrame(2, 0)).isEqualTo("81:");
  }

  @Test
  void a_close_frame_is_answered_and_ends_the_frames() throws IOException {
    peer.say(bytes(0x88, 0x05, 0x03, 0xe8, 'b', 'y', 'e'));
    assertThat(socket.next()).isNull();
    assertThat(heardFrame(2, 2)).isEqualTo("88:\u0003\u00e8");
    socket.sendText("nothing is sent after a close");
    peer.client().shutdownOutput();
    assertThatThrownBy(() -> peer.heard(1)).hasMessageContaining("only 0 bytes");
  }

  @Test
  void data_before_a_vanished_peer_is_still_read() throws IOException {
    peer.say(bytes(0x89, 0x00)).say(bytes(0x82, 0x02, 'o', 'k'));
    peer.client().shutdownOutput(); // the pong cannot be sent
    assertThat(payload(socket.next())).isEqualTo("ok");
  }

  @Test
  void the_end_of_the_connection_ends_the_frames() throws IOException {
    peer.hangUp();
    assertThat(socket.next()).isNull();
  }

  @Test
  void output_is_copied_up_to_the_mark() throws IOException {
    peer.say(bytes(0x82, 0x01, 'a')).say(bytes(0x02, 0x01, 'b')).say(bytes(0x80, 0x01, 'c'));
    peer.say(bytes(0x81, 0x00)).say(bytes(0x82, 0x01, 'x'));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputPump.copy(socket, out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("abc");
  }

  @Test
  void broken_frames_are_errors() throws IOException {
    for (byte[] wrong :
        new byte[][] {
          bytes(0x80, 0x00), // a continuation of nothing
          bytes(0xc2, 0x00), // a reserved bit
          bytes(0x82, 0x80), // masked by a server
          bytes(0x09, 0x00), // a fragmented ping
          bytes(0x89, 126, 0, 200), // a ping that is too long
          bytes(0x83, 0x00), // an unknown kind
          bytes(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0) // a negative length
        }) {
      try (ScriptedPeer other = new ScriptedPeer(directory)) {
        other.say(wrong);
        WebSocket broken = new WebSocket(other.client());
        assertThatThrownBy(broken::next).isInstanceOf(ProtocolException.class);
      }
    }
  }

  @Test
  void a_frame_that_breaks_off_is_an_error() throws IOException {
    peer.say(bytes(0x82, 0x05, 'a')).hangUp();
    WebSocket.Frame frame = socket.next();
    assertThatThrownBy(() -> payload(frame)).isInstanceOf(EOFException.class);
  }
}
