package dev.codchi.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.store.nixlog.NixErrors;
import dev.codchi.store.nixlog.NixEvent;
import dev.codchi.store.nixlog.NixLogParser;
import dev.codchi.store.nixlog.NixProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NixFailuresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no-such-http     | NIX_NO_REPOSITORY | no repository at 'git+http://git.example.com/team/nothing.git' | repository 'http://git.example.com/team/nothing.git/' not found",
        "no-such-tarball  | NIX_NO_REPOSITORY | no repository at 'http://git.example.com/nothing.tar.gz' | unable to download 'http://git.example.com/nothing.tar.gz': HTTP error 404",
        "no-such-local    | NIX_NO_REPOSITORY | no repository at 'git+file:///srv/nowhere' | does not appear to be a git repository",
        "no-git           | NIX_NO_REPOSITORY | no repository at 'git+file:///home/codchi' | does not appear to be a git repository",
        "no-such-path     | NIX_NO_REPOSITORY | nothing at 'path:/srv/nowhere' | does not exist",
        "no-such-branch   | NIX_NO_REPOSITORY | has no 'gone' | no branch, tag or commit",
        "no-such-commit   | NIX_NO_REPOSITORY | has no '1111111111111111111111111111111111111111' | no branch, tag or commit",
        "private-http     | NIX_CREDENTIALS | refuses access to 'git+http://git.example.com/team/private.git' | could not read Username for 'http://git.example.com': terminal prompts disabled",
        "private-tarball  | NIX_CREDENTIALS | refuses access to 'http://git.example.com/private.tar.gz' | HTTP error 401",
        "forbidden-http   | NIX_CREDENTIALS | refuses access | The requested URL returned error: 403",
        "refused-key      | NIX_CREDENTIALS | refuses access | Permission denied (publickey)",
        "unknown-host-key | NIX_CREDENTIALS | SSH host key | Host key verification failed",
        "tls-git          | NIX_TLS | certificate | server certificate verification failed",
        "tls-tarball      | NIX_TLS | certificate | certificate signer not trusted",
        "broken-http      | NIX_NETWORK | cannot be reached | The requested URL returned error: 500",
        "no-host-git      | NIX_NETWORK | cannot be reached | Could not resolve host: git.invalid",
        "no-host-tarball  | NIX_NETWORK | cannot be reached | Could not resolve host: git.invalid",
        "no-host-github   | NIX_NETWORK | 'github:team/repo' cannot be reached | Could not resolve host: git.invalid",
        "no-host-ssh      | NIX_NETWORK | cannot be reached | Could not resolve hostname git.invalid",
        "refused-git      | NIX_NETWORK | cannot be reached | Couldn't connect to server",
        "refused-tarball  | NIX_NETWORK | cannot be reached | Could not connect to server",
        "refused-ssh      | NIX_NETWORK | cannot be reached | Connection refused",
        "untrusted        | NIX_NETWORK | in no cache | not signed by any of the keys",
        "shallow-refused  | BAD_REFERENCE | cannot give a part of the history | does not run git",
        "no-flake         | NIX_NO_FLAKE | no flake.nix | git does not know it",
        "no-flake-dir     | NIX_NO_FLAKE | no nix/flake.nix | git does not know it",
        "untracked-flake  | NIX_NO_FLAKE | no flake.nix | git does not know it",
        "no-outputs       | NIX_NO_FLAKE | is no flake | lacks attribute 'outputs'",
        "untracked        | NIX_NOT_IN_GIT | 'module.nix' is not in the repository | only files that git knows",
        "no-module        | NIX_NO_MODULE | offers no 'nixosModules.gone' | 'git+file:///srv/good' does not have it",
        "machine-no-module| NIX_NO_MODULE | flake of module 'good' has no nixosModules.gone | attribute 'gone' missing",
        "syntax           | NIX_EVALUATION | syntax error at flake.nix:3:30 | unexpected ';'",
        "thrown           | NIX_EVALUATION | evaluated at flake.nix:3:28 | set the port first",
        "undefined        | NIX_EVALUATION | evaluated at flake.nix:3:43 | undefined variable 'pkgs'",
        "attribute        | NIX_EVALUATION | evaluated at flake.nix:3:13 | attribute 'helo' missing (Did you mean hello?)",
        "endless          | NIX_EVALUATION | evaluated at flake.nix:2:41 | infinite recursion encountered",
        "no-option        | NIX_EVALUATION | evaluated at module.nix | The option `services.nothing' does not exist",
        "wrong-type       | NIX_EVALUATION | evaluated at module.nix | A definition for option `networking.hostName' is not of type",
        "assertion        | NIX_EVALUATION | cannot be evaluated | the port is taken",
        "lock-missing     | NIX_LOCK | lock file does not fit | requires lock file changes",
        "lock-mismatch    | NIX_LOCK | lock file does not fit | its narHash for file:///srv/good is not what is there now",
        "lock-broken      | NIX_LOCK | lock file does not fit | parse error at line 2, column 1",
        "follows-nothing  | NIX_LOCK | follows an input that the module does not have | 'm-good/nixpkgs'",
        "build-failure    | NIX_BUILD | Building 'broken-1.0' failed | exit code 2; its last lines:",
        "build-killed     | NIX_BUILD | Building 'killed' failed | failed to produce output path",
        "no-builder       | NIX_BUILD | another platform, riscv64-linux | x86_64-linux",
        "hash-mismatch    | NIX_HASH | content of 'source.tar.gz' | got sha256-f4sd/EZrYknwbL5VyRdN8leOd1TaeT/e0kTvXLoqOPE=",
        "disk-full        | DISK_FULL | full | No space left on device",
        "no-daemon        | STORE_START | daemon does not answer | cannot connect to socket",
        "interrupted      | INTERRUPTED | interrupted | ``",
      })
  void understandsWhatNixReallyWrote(String transcript, FailureCode code, String what, String why) {
    Failure failure = NixFailures.of(Transcripts.play(transcript).errors(), 1);
    assertThat(failure.code()).as(failure.what()).isEqualTo(code);
    assertThat(failure.what()).contains(what);
    assertThat(String.valueOf(failure.why())).contains(why);
    assertThat(failure.what() + failure.why()).doesNotContain("\u001b").doesNotContain("-source/");
    assertThat(failure.nextStep()).isNotBlank();
  }

  /** A transcript that nobody expects something of would be a hole in the table above. */
  @Test
  void everyTranscriptOfAFailureIsInTheTable() throws Exception {
    Path directory =
        Path.of(NixFailuresTest.class.getResource("transcripts/success.jsonl").toURI())
            .resolveSibling(".");
    CsvSource table =
        NixFailuresTest.class
            .getDeclaredMethod(
                "understandsWhatNixReallyWrote",
                String.class,
                FailureCode.class,
                String.class,
                String.class)
            .getAnnotation(CsvSource.class);
    var expected =
        Stream.concat(
                Stream.of(table.value()).map(row -> row.substring(0, row.indexOf('|')).strip()),
                Stream.of("success", "substitute", "fetch"))
            .map(name -> name + ".jsonl");
    assertThat(names(directory)).containsExactlyInAnyOrderElementsOf(expected.toList());
  }

  @Test
  void theBuildersLastLinesAreKept() {
    Failure failure = NixFailures.of(Transcripts.play("build-failure").errors(), 1);
    assertThat(failure.why())
        .endsWith("line 39\nline 40\nmain.c:3: error: expected ;")
        .doesNotContain("line 16\n")
        .contains("line 17\n");
  }

  @Test
  void readsPlainWordsToo() {
    Failure failure =
        fromPlainText(
            "error: Cannot build '/nix/store/%s-web-1.0.drv'.".formatted("a".repeat(32)),
            "       Reason: builder failed with exit code 1.");
    assertThat(failure.code()).isEqualTo(FailureCode.NIX_BUILD);
    assertThat(failure.what()).isEqualTo("Building 'web-1.0' failed");

    failure =
        fromPlainText("remote: HTTP Basic: Access denied", "fatal: Authentication failed for 'x'");
    assertThat(failure.code()).isEqualTo(FailureCode.NIX_CREDENTIALS);
  }

  @Test
  void saysSoWhenNixSaidNothing() {
    Failure failure = fromPlainText();
    assertThat(failure.code()).isEqualTo(FailureCode.NIX_BUILD);
    assertThat(failure.what()).isEqualTo("nix ended with status 1 and said nothing");
  }

  @Test
  void keepsPercentSignsOfAddresses() {
    Failure failure =
        fromPlainText(
            "error:",
            "       … while fetching the input 'git+https://h/a%20b'",
            "fatal: repository 'https://h/a%20b/' not found");
    assertThat(failure.what()).isEqualTo("There is no repository at 'git+https://h/a%20b'");
  }

  private static Failure fromPlainText(String... lines) {
    NixErrors errors = new NixErrors();
    NixProgress progress = new NixProgress(InstantSource.system());
    for (String line : lines) {
      NixEvent event = NixLogParser.parse(line);
      errors.accept(event, progress);
    }
    return NixFailures.of(errors, 1);
  }

  private static java.util.List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
