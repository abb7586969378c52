package dev.codchi.hostintegration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XCookiesTest {
  private static final int LOCAL = 256;
  private static final int INTERNET = 0;

  @TempDir Path directory;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  private void entry(int family, String address, String number, String protocol, String cookie) {
    content.write(family >> 8);
    content.write(family);
    for (String text : new String[] {address, number, protocol, cookie}) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      content.write(bytes.length >> 8);
      content.write(bytes.length);
      content.writeBytes(bytes);
    }
  }

  private Path file() throws IOException {
    return Files.write(directory.resolve("cookies"), content.toByteArray());
  }

  @Test
  void cookies_of_the_display_come_before_those_of_any() throws IOException {
    entry(0xffff, "", "", XCookies.PROTOCOL, "any");
    entry(LOCAL, "laptop", "1", XCookies.PROTOCOL, "other");
    entry(INTERNET, "\n\0\0\1", "10", XCookies.PROTOCOL, "remote");
    entry(LOCAL, "laptop", "10", "XDM-AUTHORIZATION-1", "unknown protocol");
    entry(LOCAL, "laptop", "10", XCookies.PROTOCOL, "right");
    assertThat(XCookies.read(file(), new XDisplay(10)))
        .extracting(cookie -> new String(cookie, StandardCharsets.ISO_8859_1))
        .containsExactly("right", "any");
  }

  @Test
  void what_is_cut_off_is_left_out() throws IOException {
    entry(LOCAL, "laptop", "0", XCookies.PROTOCOL, "right");
    content.writeBytes(new byte[] {1, 0, 0, 9, 'l'});
    assertThat(XCookies.read(file(), new XDisplay(0))).hasSize(1);
    assertThat(XCookies.read(directory, new XDisplay(0))).isEmpty();
    assertThat(XCookies.read(directory.resolve("none"), new XDisplay(0))).isEmpty();
  }

  @Test
  void a_file_with_one_cookie_fits_every_display() throws IOException {
    byte[] cookie = {1, -1, 0, 7};
    Path file = Files.write(directory.resolve("own"), XCookies.only(cookie));
    assertThat(XCookies.readOnly(file)).hasValueSatisfying(it -> assertThat(it).isEqualTo(cookie));
    assertThat(XCookies.read(file, new XDisplay(95))).hasSize(1);
  }

  @Test
  void displays_of_this_computer_have_a_number_and_no_host() {
    assertThat(XDisplay.parse(":0")).contains(new XDisplay(0));
    assertThat(XDisplay.parse(":95.1")).contains(new XDisplay(95));
    assertThat(XDisplay.parse("unix:3")).contains(new XDisplay(3));
    assertThat(XDisplay.parse("localhost:10.0")).isEmpty();
    assertThat(XDisplay.parse("")).isEmpty();
    assertThat(XDisplay.parse(null)).isEmpty();
    assertThat(XDisplay.parse(":../../x")).isEmpty();
  }
}
