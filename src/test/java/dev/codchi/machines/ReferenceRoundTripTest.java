package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.failure.Failure;
import dev.codchi.machines.FlakeReference.GitFetch;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Properties of generated references; a failure names the seed, which the environment can set. */
class ReferenceRoundTripTest {
  private static final int CASES = 5_000;

  private final long seed =
      Optional.ofNullable(System.getenv("CODCHI_TEST_SEED")).map(Long::parseLong).orElse(20261120L);
  private final Random random = new Random(seed);

  @Test
  void everyReferenceReadsBackAsItself() {
    for (int number = 0; number < CASES; number++) {
      FlakeReference reference = reference();
      String where = "seed %d, case %d, %s".formatted(seed, number, reference);
      ParsedReference parsed = FlakeReference.parse(reference.print());
      assertThat(parsed.reference()).as(where).isEqualTo(reference);
      assertThat(parsed.reference().print()).as(where).isEqualTo(reference.print());
      assertThat(parsed.credentials()).as(where).isEmpty();
      assertThat(parsed.module()).as(where).isEmpty();
      assertThat(parsed.remarks()).as(where).isEmpty();
    }
  }

  @Test
  void whatNixGetsHasNothingThatNeedsEncoding() {
    for (int number = 0; number < CASES; number++) {
      FlakeReference reference = reference();
      assertThat(reference.toNix(new FixedPlaces(true)))
          .as("seed %d, case %d, %s", seed, number, reference)
          .matches("[a-z+]+:[A-Za-z0-9._~/?&=%@:+,!$()*'\\[\\]-]+");
    }
  }

  @Test
  void anyTextIsReadOrRefusedAsAFailure() {
    String alphabet = "abhgit:/.@#?&=%~+-_ []ü\\\"'\n2F";
    List<String> starts =
        List.of("", "github:", "gitlab:", "https://github.com/", "git+ssh://", "https://", "./");
    for (int number = 0; number < CASES * 4; number++) {
      StringBuilder text = new StringBuilder(pick(starts));
      int length = random.nextInt(24);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        FlakeReference reference = FlakeReference.parse(text.toString()).reference();
        assertThat(FlakeReference.parse(reference.print()).reference())
            .as("seed %d, case %d, '%s'", seed, number, text)
            .isEqualTo(reference);
      } catch (Failure refused) {
        assertThat(refused.nextStep()).isNotBlank();
      } catch (RuntimeException crash) {
        throw new AssertionError("seed %d, case %d, '%s'".formatted(seed, number, text), crash);
      }
    }
  }

  private FlakeReference reference() {
    List<Supplier<FlakeReference>> kinds =
        List.of(
            () -> new FlakeReference.GitHub(host(), name(), name(), pin(false), directory()),
            () -> new FlakeReference.GitHub("github.com", name(), name(), pin(false), directory()),
            () ->
                new FlakeReference.GitLab(
                    host(),
                    random.nextBoolean() ? name() : name() + "/" + name(),
                    name(),
                    pin(false),
                    directory()),
            () ->
                new FlakeReference.Sourcehut(
                    "git.sr.ht", "~" + name(), name(), pin(false), directory()),
            () ->
                new FlakeReference.GitHttps(
                    random.nextBoolean(), host(), path(), pin(true), directory(), fetch()),
            () ->
                new FlakeReference.GitSsh(
                    random.nextBoolean() ? "git" : "",
                    host(),
                    path(),
                    pin(true),
                    directory(),
                    fetch()),
            () ->
                new FlakeReference.Tarball(
                    "https://" + host() + UrlText.path(path()) + ".tar.gz", directory()),
            () -> new FlakeReference.Local(path().substring(1), pin(true), directory()),
            () ->
                new FlakeReference.HostPath(
                    path(), FlakeReference.HostPath.Kind.PLAIN, Pin.latest(), directory()),
            () ->
                new FlakeReference.HostPath(
                    path(), FlakeReference.HostPath.Kind.GIT, pin(true), directory()),
            () ->
                new FlakeReference.HostPath(
                    "/" + name() + "/" + name(),
                    FlakeReference.HostPath.Kind.AUTOMATIC,
                    pin(true),
                    directory()));
    return pick(kinds).get();
  }

  private Pin pin(boolean commitOnBranch) {
    return switch (random.nextInt(commitOnBranch ? 6 : 5)) {
      case 0 -> new Pin.Branch(ref());
      case 1 -> new Pin.Tag(ref());
      case 2 -> new Pin.Commit(hash());
      case 3 -> new Pin.Ref("refs/pull/" + random.nextInt(99) + "/head");
      case 4 -> Pin.latest();
      default -> new Pin.Commit(hash(), Optional.of(ref()));
    };
  }

  private String ref() {
    return pick(List.of("main", "feature/x", "v1.0+2", "a#b", "ü/é", "x%y", "a&b=c", "1.x", "a'b"))
        + (random.nextBoolean() ? "-" + random.nextInt(100) : "");
  }

  private String hash() {
    StringBuilder hash = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      hash.append(Character.forDigit(random.nextInt(16), 16));
    }
    return hash.toString();
  }

  private String name() {
    return pick(List.of("a", "my-repo", "x.y", "_u", "B2", "dot.files", "tree", "-"))
        + random.nextInt(100);
  }

  private String host() {
    return pick(List.of("h", "git.example.com", "gitlab.example.com", "10.0.0.1", "[::1]"))
        + (random.nextInt(3) == 0 ? ":" + (1024 + random.nextInt(9000)) : "");
  }

  private String path() {
    return "/"
        + pick(List.of("a", "a b", "ü", "x%2Fy", "q?z", "h#i", "~u", "${x}", "a:b", "a@b"))
        + "/"
        + name();
  }

  private String directory() {
    return pick(List.of("", "", "sub", "a/b", "a b", "ü&x=y", "#1", "100%"));
  }

  private GitFetch fetch() {
    return new GitFetch(
        pick(List.of(Optional.<Boolean>empty(), Optional.of(true), Optional.of(false))),
        random.nextBoolean());
  }

  private <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }
}
