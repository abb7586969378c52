package dev.codchi.hostintegration.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitServerTest {
  @ParameterizedTest
  @CsvSource({
    "github.com, github.com",
    "GitHub.COM, github.com",
    "github.com:443, github.com",
    "https://github.com/, github.com",
    "HTTPS://github.com:8443, github.com:8443",
    "github.com:80, github.com:80",
    "http://github.com, http://github.com",
    "http://github.com:80, http://github.com",
    "http://10.0.0.1:3000/, http://10.0.0.1:3000",
    "http://github.com:443, http://github.com:443",
    "localhost, localhost",
    "my_git, my_git",
    "xn--bcher-kva.example, xn--bcher-kva.example",
    "[FE80::1], [fe80::1]",
    "[::1]:8443, [::1]:8443"
  })
  void one_way_to_write_a_server(String written, String kept) {
    GitServer server = GitServer.named(written);
    assertThat(server).hasToString(kept);
    assertThat(GitServer.named(kept)).isEqualTo(server);
    assertThat(GitServer.of(server.protocol(), server.authority())).contains(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "github.com ",
        "https://",
        "ftp://github.com",
        "ssh://github.com",
        "https://https://github.com",
        "me@github.com",
        "github.com/owner",
        "https://github.com//",
        "github.com?x",
        "github.com#x",
        "github.com:",
        "github.com:0",
        "github.com:0443",
        "github.com:65536",
        "github.com:99999999999",
        "github.com:443:443",
        "github.com:+443",
        "github.com.",
        ".github.com",
        "github..com",
        "*.github.com",
        "-x.com",
        "x-.com",
        "github.com%2eevil",
        "git\u212Aub.com",
        "b\u00fccher.example",
        "g\u0456thub.com",
        "github.com\u3002evil",
        "github.com\n",
        "github.com\u0000",
        "[::1",
        "::1",
        "[::1]x",
        "[]"
      })
  void nothing_else_is_a_server(String written) {
    Failure refused = catchThrowableOfType(Failure.class, () -> GitServer.named(written));
    assertThat(refused.code()).isEqualTo(FailureCode.BAD_USAGE);
    assertThat(GitServer.of("https", written)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.com@evil",
        "evil@github.com",
        "github.com.evil",
        "github.com:444",
        "xgithub.com",
        "github.com:443.evil",
        "www.github.com",
        "github.com%00.evil",
        "github.com\\.evil"
      })
  void no_other_server_is_taken_for_one(String host) {
    assertThat(GitServer.of("https", host)).isNotEqualTo(GitServer.of("https", "github.com"));
    assertThat(GitServer.of("http", "github.com"))
        .isNotEqualTo(GitServer.of("https", "github.com"));
  }
}
