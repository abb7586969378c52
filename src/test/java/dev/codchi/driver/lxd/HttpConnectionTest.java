package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConnectionTest {
  @TempDir Path directory;
  private ScriptedPeer peer;
  private HttpConnection connection;

  @BeforeEach
  void connect() throws IOException {
    peer = new ScriptedPeer(directory);
    connection = new HttpConnection(peer.client());
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
  }

  private HttpResponse receive() throws IOException {
    return connection.receive(() -> {});
  }

  private String body(HttpResponse response) throws IOException {
    return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void a_request_is_written_byte_for_byte() throws IOException {
    connection.send(HttpRequest.of("POST", "/1.0/x?y=%20").withJson("{\"a\":\"ü\"}"));
    String expected =
        "POST /1.0/x?y=%20 HTTP/1.1\r\nHost: lxd\r\nUser-Agent: codchi\r\n"
            + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"a\":\"\u00c3\u00bc\"}";
    assertThat(peer.heardText(expected.length())).isEqualTo(expected);
  }

  @Test
  void a_body_of_unknown_length_is_sent_in_chunks() throws IOException {
    byte[] content = new byte[70_000];
    connection.send(
        HttpRequest.of("POST", "/u")
            .with(new HttpRequest.Streamed(new ByteArrayInputStream(content))));
    String head = "POST /u HTTP/1.1\r\nHost: lxd\r\nUser-Agent: codchi\r\n";
    assertThat(peer.heardText(head.length())).isEqualTo(head);
    assertThat(peer.heardText(37)).isEqualTo("Transfer-Encoding: chunked\r\n\r\n10000\r\n");
    peer.heard(0x10000);
    assertThat(peer.heardText(8)).isEqualTo("\r\n1170\r\n");
    peer.heard(0x1170);
    assertThat(peer.heardText(7)).isEqualTo("\r\n0\r\n\r\n");
  }

  @Test
  void a_line_end_in_a_header_is_refused() {
    HttpRequest request = HttpRequest.of("GET", "/").with("X-LXD-mode", "1\r\nEvil: yes");
    assertThatThrownBy(() -> connection.send(request)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bodies_with_a_length_follow_each_other_on_one_connection() throws IOException {
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Lxd-Type:  file \r\n\r\nabc");
    peer.say("HTTP/1.1 404 Not Found\ncontent-length: 0\n\n");
    HttpResponse first = receive();
    assertThat(connection.reusable()).isFalse();
    assertThat(first.header("x-LXD-type")).isEqualTo("file");
    assertThat(body(first)).isEqualTo("abc");
    assertThat(connection.reusable()).isTrue();
    HttpResponse second = receive();
    assertThat(second.status()).isEqualTo(404);
    assertThat(body(second)).isEmpty();
    assertThat(connection.reusable()).isTrue();
  }

  @Test
  void a_chunked_body_with_extension_and_trailer_ends_exactly() throws IOException {
    peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n");
    peer.say(
        "4;x=y\r\nwiki\r\nB\r\npedia in \r\n\r\n0\r\nTrailer: t\r\n\r\nHTTP/1.1 204 No\r\n\r\n");
    assertThat(body(receive())).isEqualTo("wikipedia in \r\n");
    assertThat(connection.reusable()).isTrue();
    assertThat(receive().status()).isEqualTo(204);
  }

  @Test
  void interim_answers_are_skipped() throws IOException {
    peer.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n");
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    assertThat(body(receive())).isEqualTo("x");
  }

  @Test
  void the_answer_to_head_has_no_body_whatever_its_length_says() throws IOException {
    connection.send(HttpRequest.of("HEAD", "/"));
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    assertThat(body(receive())).isEmpty();
    assertThat(connection.reusable()).isTrue();
  }

  @Test
  void a_body_without_length_ends_with_the_connection() throws IOException {
    peer.say("HTTP/1.1 200 OK\r\n\r\nto the end").hangUp();
    assertThat(body(receive())).isEqualTo("to the end");
    assertThat(connection.reusable()).isFalse();
  }

  @Test
  void a_connection_that_is_to_be_closed_is_not_used_again() throws IOException {
    peer.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    receive();
    assertThat(connection.reusable()).isFalse();
  }

  @Test
  void an_idle_connection_that_the_daemon_closed_is_noticed() throws IOException {
    assertThat(connection.alive()).isTrue();
    peer.hangUp();
    assertThat(connection.alive()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        ""
      })
  void an_answer_that_breaks_off_is_an_error(String answer) throws IOException {
    peer.say(answer).hangUp();
    assertThatThrownBy(() -> body(receive())).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 two OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"
      })
  void what_is_no_http_is_an_error(String answer) throws IOException {
    peer.say(answer).hangUp();
    assertThatThrownBy(() -> body(receive())).isInstanceOf(ProtocolException.class);
  }
}
