package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.store.NixAccess;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTokensTest {
  private static NixAccess.Login login(String host, String token, String... references) {
    try (SecretValue value = SecretValue.ofText(token)) {
      return RepositoryTokens.login(
          host,
          value,
          Stream.of(references).map(text -> FlakeReference.parse(text).reference()).toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "github:o/r, github.com",
    "github:o/r?host=ghe.example.com, ghe.example.com",
    "gitlab:g%2Fs/r, gitlab.com",
    "https://gitlab.example.com/g/r, gitlab.example.com",
    "sourcehut:~u/r, git.sr.ht",
    "https://codeberg.org/o/r, codeberg.org",
    "git+https://git.example.com:8443/o/r.git, git.example.com:8443",
    "http://10.0.0.1:8080/r.git, 10.0.0.1:8080",
    "https://example.com/x.tar.gz, example.com",
  })
  void a_token_belongs_to_the_server_of_the_repository(String reference, String host) {
    assertThat(RepositoryTokens.host(FlakeReference.parse(reference).reference())).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"git@github.com:o/r.git", "local:project", "/srv/flake"})
  void what_no_token_opens_is_refused(String reference) {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () -> RepositoryTokens.host(FlakeReference.parse(reference).reference()));
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_USAGE);
    assertThat(failure.nextStep()).contains("--auth");
  }

  @Test
  void an_account_is_kept_before_the_token() {
    NixAccess.Login login = login("git.example.com", "me:to:ken", "git+https://git.example.com/r");
    assertThat(login.user()).isEqualTo("me");
    assertThat(new String(login.secret(), StandardCharsets.UTF_8)).isEqualTo("to:ken");
    NixAccess.Login bare = login("git.example.com", "token", "git+https://git.example.com/r");
    assertThat(bare.user()).isEmpty();
    assertThat(new String(bare.secret(), StandardCharsets.UTF_8)).isEqualTo("token");
  }

  @Test
  void a_token_travels_unencrypted_only_where_the_address_says_so() {
    assertThat(login("git.example.com", "t", "git+https://git.example.com/r").plain()).isFalse();
    assertThat(login("git.example.com", "t", "git+http://git.example.com/r").plain()).isTrue();
    // Another server's address says nothing about this one.
    assertThat(login("git.example.com", "t", "git+http://other.example.com/r").plain()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "github.com, github:o/r, GITHUB",
    "ghe.example.com, github:o/r?host=ghe.example.com, GITHUB",
    "gitlab.com, gitlab:g/r, GITLAB",
    "code.example.com, gitlab:g/r?host=code.example.com, GITLAB",
    "gitlab.example.com, git+https://gitlab.example.com/r, GITLAB",
    "bitbucket.org, https://bitbucket.org/o/r, BITBUCKET",
    "codeberg.org, https://codeberg.org/o/r, OTHER",
    "github.com, git+https://git.example.com/r, GITHUB",
  })
  void servers_want_tokens_in_different_ways(String host, String reference, NixAccess.Forge forge) {
    assertThat(login(host, "t", reference).forge()).isEqualTo(forge);
  }

  @Test
  void archives_are_told_apart() {
    assertThat(login("example.com", "t", "https://example.com/x.tar.gz").archives()).isTrue();
    assertThat(login("example.com", "t", "git+https://example.com/x").archives()).isFalse();
  }
}
