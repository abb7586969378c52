package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlakeReferenceTest {
  static Stream<ReferenceTable.Row> table() {
    return ReferenceTable.rows();
  }

  @ParameterizedTest
  @MethodSource("table")
  void readsWhatPeoplePaste(ReferenceTable.Row row) {
    ParsedReference parsed = FlakeReference.parse(row.pasted());

    assertThat(parsed.reference().print()).isEqualTo(row.canonical());
    assertThat(parsed.reference().toNix(new FixedPlaces(false))).isEqualTo(row.nix());
    assertThat(parsed.remarks()).hasSameSizeAs(row.remarks());
    for (int i = 0; i < row.remarks().size(); i++) {
      assertThat(parsed.remarks().get(i)).startsWith(row.remarks().get(i));
    }
    assertThat(parsed.credentials()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("table")
  void readsItsOwnTextBack(ReferenceTable.Row row) {
    FlakeReference reference = FlakeReference.parse(row.pasted()).reference();
    ParsedReference again = FlakeReference.parse(reference.print());
    assertThat(again.reference()).isEqualTo(reference);
    assertThat(again.remarks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                          | empty",
        "nixpkgs                     | neither a protocol nor a path",
        "owner/repo                  | neither a protocol nor a path",
        "flake:nixpkgs               | name of a registry",
        "github:                     | OWNER/REPO",
        "github:o                    | OWNER/REPO",
        "github://o/r                | OWNER/REPO",
        "github:o/..                 | forges take letters",
        "github:o/r%2Fx              | forges take letters",
        "github:o/r?rev=abc          | whole hash of 40",
        "github:o/r?foo=1            | no parameter 'foo'",
        "github:o/r?ref=a&ref=b      | 'ref' is given twice",
        "github:o/r/a?ref=b          | twice, in its path and in its query",
        "github:o/r?branch=a&tag=b   | different states",
        "github:o/r?ref=refs/tags/a&branch=b | 'ref' and 'branch' at once",
        "github:o/r?tag=a&rev=1111111111111111111111111111111111111111 | different states",
        "github:o/r?ref=a..b         | '..'",
        "github:o/r?ref=-x           | does not allow it to start",
        "github:o/r?ref=a%20b        | a space or control character",
        "github:o/r?dir=../x         | '..' would lead out of it",
        "github:o/r?dir=%zz          | two hexadecimal digits",
        "github:o/r?dir=%ff          | two hexadecimal digits",
        "github:o/r?host=a/b         | is not a host",
        "sourcehut:u/r               | start with '~'",
        "gitlab:g%2F/r               | forges take letters",
        "https:/x                    | followed by '//'",
        "https://                    | no usable host",
        "https://github.com          | no repository on it",
        "https://github.com/o        | OWNER/REPO",
        "https://git.example.com     | no repository on it",
        "https://git.example.com:99999/r | ports are 1 to 65535",
        "https://a..b/r              | is not a host",
        "https://ex ample.com/r      | a space",
        "git+https://h/r?shallow=x   | 'shallow' is 0 or 1",
        "git+https://h               | no repository on it",
        "git+https://h/a/../b        | '..'",
        "git+ssh:x                   | followed by '//'",
        "ssh://-oProxyCommand=x/r    | is not a host",
        "ssh://-x@h/r                | not a user name",
        "git://h/r                   | neither encrypted nor checked",
        "hg+https://h/r              | does not support 'hg+https'",
        "foo://bar/x                 | not a protocol",
        "local:                      | home directory itself",
        "local:../x                  | '..' would lead out of it",
        "local:/etc                  | absolute",
        "local:x?foo=1               | no parameter 'foo'",
        "path:x                      | start with '/'",
        "git+file:./x                | absolute path",
        "path:/x?ref=a               | git does not know",
        "/x?ref=a&tag=b              | at once",
        "file://host/x               | has no host",
      })
  void saysWhatIsWrong(String text, String reason) {
    Failure failure = catchThrowableOfType(Failure.class, () -> FlakeReference.parse(text));
    assertThat(failure).as("failure for %s", text).isNotNull();
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_REFERENCE);
    assertThat(failure.what() + " / " + failure.why()).contains(reason);
    assertThat(failure.nextStep()).isNotBlank();
  }

  @Test
  void suggestsTheFormsForABareName() {
    Failure failure = catchThrowableOfType(Failure.class, () -> FlakeReference.parse("owner/repo"));
    assertThat(failure.nextStep()).contains("github:owner/repo").contains("local:owner/repo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "https://jane:s3cret@git.example.com/o/r       | git.example.com | jane | s3cret",
        "git+https://jane:s3cret@git.example.com:8443/r| git.example.com:8443 | jane | s3cret",
        "jane:s3cret@git.example.com/o/r               | git.example.com | jane | s3cret",
        "https://ghp_s3cret@github.com/o/r             | github.com | `` | ghp_s3cret",
        "https://oauth2:glpat-s3cret@gitlab.com/g/s/r  | gitlab.com | oauth2 | glpat-s3cret",
        "https://x:p%40s3cret@github.com/o/r           | github.com | x | p@s3cret",
        "https://gitlab.com/g/r?private_token=s3cret   | gitlab.com | `` | s3cret",
        "https://u:s3cret@example.com/x.tar.gz         | example.com | u | s3cret",
        "https://example.com/x.tar.gz?token=s3cret     | example.com | `` | s3cret",
        "tarball+https://u:s3cret@example.com/x        | example.com | u | s3cret",
        "ssh://git:s3cret@git.example.com/r            | git.example.com | git | s3cret",
      })
  void takesCredentialsOut(String text, String host, String user, String secret) {
    ParsedReference parsed = FlakeReference.parse(text);

    assertThat(parsed.credentials()).contains(new Credentials(host, user, secret));
    assertThat(parsed.remarks()).anyMatch(remark -> remark.startsWith("Took the "));
    assertThat(parsed.toString()).doesNotContain("s3cret");
    assertThat(parsed.reference().print()).doesNotContain("s3cret");
    assertThat(parsed.reference().toNix(new FixedPlaces(false))).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:s3cret@github.com/o",
        "https://u:s3cret@",
        "https://u:s3/cret@github.com/o/r/s3cret@x",
        "https://s3cret@git.example.com:99999/r",
        "foo://u:s3cret@h/r",
        "git+https://u:s3cret@h/r?foo=1",
        "https://u:s3cret@h/a%zz",
        "u:s3cret@h",
        "git://s3cret@h/r",
        "github:o/r?token=s3cret",
        "https://u:s3cret@h:x/r",
        "ssh://u:s3cret@h h/r",
      })
  void neverPrintsCredentialsInAFailure(String text) {
    Failure failure = catchThrowableOfType(Failure.class, () -> FlakeReference.parse(text));
    if (failure != null) {
      assertThat(failure.what() + failure.why() + failure.nextStep()).doesNotContain("s3cret");
    } else {
      assertThat(FlakeReference.parse(text).toString()).doesNotContain("s3cret");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "github:o/r#x, x",
    "github:o/r?dir=a#nixosModules.x, nixosModules.x",
    "https://github.com/o/r/tree/main#x, x",
    "git@github.com:o/r#x, x",
    "./x#y, y",
    "local:x#y, y",
    "https://h/x.tar.gz#y, y",
    "github:o/r#nixosModules.%22a.b%22, nixosModules.\"a.b\"",
  })
  void keepsTheModuleAfterTheHash(String text, String module) {
    assertThat(FlakeReference.parse(text).module()).contains(module);
  }

  @Test
  void makesHostPathsAbsolute() {
    var path = (FlakeReference.HostPath) FlakeReference.parse("../y/./z?dir=a").reference();
    assertThat(path.isRelative()).isTrue();
    assertThat(path.absolute(Path.of("/srv/x")).print()).isEqualTo("/srv/y/z?dir=a");
  }

  @Test
  void readsAHostDirectoryThroughGitWhereItIsAWorkTree() {
    FlakeReference path = FlakeReference.parse("/srv/x").reference();
    assertThat(path.toNix(new FixedPlaces(true))).isEqualTo("git+file:///host/srv/x");
    FlakeReference plain = FlakeReference.parse("path:/srv/x").reference();
    assertThat(plain.toNix(new FixedPlaces(true))).isEqualTo("path:/host/srv/x");
  }

  @Test
  void optionsPinAReferenceOnce() {
    FlakeReference plain = FlakeReference.parse("github:o/r").reference();
    FlakeReference branch = FlakeReference.parse("github:o/r/main").reference();
    Pin tag = Pin.of(Optional.empty(), Optional.of("v1"), Optional.empty());

    assertThat(plain.pinned(tag).print()).isEqualTo("github:o/r?ref=refs/tags/v1");
    assertThat(plain.pinned(tag).pinned(tag).print()).isEqualTo("github:o/r?ref=refs/tags/v1");
    assertThat(branch.pinned(Pin.latest())).isEqualTo(branch);
    assertThat(branch.pinned(new Pin.Commit("1".repeat(40))).pin())
        .isEqualTo(new Pin.Commit("1".repeat(40), Optional.of("main")));
    assertThat(catchThrowableOfType(Failure.class, () -> branch.pinned(tag)).what())
        .isEqualTo("branch 'main' and tag 'v1' at once");
    assertThat(
            catchThrowableOfType(
                    Failure.class,
                    () -> Pin.of(Optional.of("b"), Optional.of("t"), Optional.empty()))
                .what())
        .isEqualTo("branch 'b' and tag 't' at once");
  }

  @Test
  void anArchiveHasNoBranch() {
    FlakeReference archive = FlakeReference.parse("https://example.com/x.tar.gz").reference();
    Failure failure =
        catchThrowableOfType(Failure.class, () -> archive.pinned(new Pin.Branch("main")));
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_REFERENCE);
  }

  @ParameterizedTest
  @CsvSource({
    "github:o/my-repo, my-repo",
    "https://git.example.com/a/b.git, b",
    "git@h:a/b%20c.git, b%20c",
    "https://example.com/x-1.0.tar.gz, x-1.0",
    "local:a/b, b",
    "/srv/flake/, flake",
  })
  void knowsTheRepositorysName(String text, String name) {
    assertThat(FlakeReference.parse(text).reference().repositoryName()).isEqualTo(name);
  }
}
