package dev.codchi.store.nixlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.store.Transcripts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NixLogTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final NixProgress progress = new NixProgress(() -> now);

  @Test
  void readsEveryKindOfLine() {
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"msg\",\"level\":1,\"msg\":\"\\u001b[35;1mwarning:\\u001b[0m x\"}"))
        .isEqualTo(new NixEvent.Message(1, "warning: x"));
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"start\",\"id\":7,\"level\":3,\"parent\":2,\"text\":\"building\",\"type\":105,\"fields\":[\"/nix/store/x.drv\",\"\",1,1]}"))
        .isEqualTo(
            new NixEvent.Started(
                7,
                2,
                ActivityKind.BUILD,
                3,
                "building",
                List.of("/nix/store/x.drv", "", "1", "1")));
    assertThat(NixLogParser.parse("@nix {\"action\":\"stop\",\"id\":7}"))
        .isEqualTo(new NixEvent.Stopped(7));
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"result\",\"id\":7,\"type\":105,\"fields\":[1,2,3,4]}"))
        .isEqualTo(new NixEvent.Advanced(7, 1, 2, 3, 4));
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"result\",\"id\":7,\"type\":106,\"fields\":[100,5]}"))
        .isEqualTo(new NixEvent.Expected(7, ActivityKind.COPY_PATH, 5));
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"result\",\"id\":7,\"type\":101,\"fields\":[\"a\\tb\"]}"))
        .isEqualTo(new NixEvent.BuilderSaid(7, "a\tb"));
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"result\",\"id\":7,\"type\":104,\"fields\":[\"buildPhase\"]}"))
        .isEqualTo(new NixEvent.Phase(7, "buildPhase"));
    assertThat(
            NixLogParser.parse(
                "@nix {\"action\":\"start\",\"id\":18446744073709551615,\"type\":999}"))
        .isEqualTo(new NixEvent.Started(-1, 0, ActivityKind.UNKNOWN, 0, "", List.of()));
    assertThat(NixLogParser.parse("@nix {\"action\":\"dance\",\"new\":{\"a\":[1,{}]}}"))
        .isEqualTo(new NixEvent.Other());
    assertThat(NixLogParser.parse("fatal: \u001b[31mno\u0007"))
        .isEqualTo(new NixEvent.Foreign("fatal: no"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@nix ",
        "@nix {",
        "@nix []",
        "@nix null",
        "@nix {\"action\":\"start\",\"fields\":[1,",
        "@nix {\"action\":\"msg\",\"msg\":\"x",
        "@nixx {}",
        "\u0000\u001b[",
        "@nix {\"id\":1e99",
      })
  void takesGarbageForForeignWords(String line) {
    assertThat(NixLogParser.parse(line)).isInstanceOf(NixEvent.Foreign.class);
  }

  @Test
  void survivesAnyMutationOfRealLines() {
    long seed = 20261120L;
    Random random = new Random(seed);
    List<String> lines = Transcripts.lines("build-failure");
    for (int number = 0; number < 20_000; number++) {
      StringBuilder line = new StringBuilder(lines.get(random.nextInt(lines.size())));
      for (int i = random.nextInt(3); i >= 0 && !line.isEmpty(); i--) {
        int at = random.nextInt(line.length());
        switch (random.nextInt(3)) {
          case 0 -> line.setCharAt(at, (char) random.nextInt(0x250));
          case 1 -> line.delete(at, Math.min(line.length(), at + random.nextInt(20)));
          default -> line.insert(at, "\"{}[],:0e-\\u".charAt(random.nextInt(12)));
        }
      }
      try {
        progress.accept(NixLogParser.parse(line.toString()));
        LiveTree.lines(progress.snapshot(), 80, 10);
      } catch (RuntimeException crash) {
        throw new AssertionError("seed %d, case %d: %s".formatted(seed, number, line), crash);
      }
    }
  }

  @Test
  void followsBuilds() {
    var played = Transcripts.play("success");
    NixProgress.Snapshot end = played.progress().snapshot();
    assertThat(end.builds()).isEqualTo(new NixProgress.Counts(2, 2, 0, 0));
    assertThat(end.running()).isEmpty();
    assertThat(
            played.happenings().stream()
                .filter(h -> !(h instanceof Happening.Step))
                .map(NixLogTest::shape))
        .containsExactly(
            "began library-1.0",
            "library-1.0> compiling",
            "library-1.0> linking",
            "ended library-1.0",
            "began program-2.0",
            "program-2.0> step 1",
            "program-2.0> step 2",
            "program-2.0> step 3",
            "ended program-2.0");
  }

  @Test
  void followsFetchesAndCountsTheirBytes() {
    List<String> lines = Transcripts.lines("substitute");
    boolean seenInTheMiddle = false;
    for (String line : lines) {
      progress.accept(NixLogParser.parse(line));
      NixProgress.Snapshot snapshot = progress.snapshot();
      assertThat(snapshot.bytes()).isLessThanOrEqualTo(snapshot.expectedBytes());
      seenInTheMiddle |=
          snapshot.running().size() == 1
              && snapshot.running().getFirst().name().startsWith("glibc-")
              && snapshot.running().getFirst().done() > 0
              && snapshot.fetches().expected() == 2;
    }
    assertThat(seenInTheMiddle).isTrue();
    NixProgress.Snapshot end = progress.snapshot();
    assertThat(end.fetches()).isEqualTo(new NixProgress.Counts(2, 2, 0, 0));
    assertThat(end.running()).isEmpty();
    assertThat(end.bytes()).isBetween(6_000_000L, end.expectedBytes());
    assertThat(Transcripts.play("substitute").happenings())
        .filteredOn(h -> h instanceof Happening.Fetched)
        .hasSize(2);
  }

  @Test
  void countsFailedBuilds() {
    var played = Transcripts.play("build-failure");
    assertThat(played.progress().snapshot().builds().failed()).isEqualTo(1);
    assertThat(played.errors().errors()).hasSize(2);
  }

  @Test
  void writesPlainLines() {
    PlainLines plain = new PlainLines(false);
    List<String> lines = new ArrayList<>();
    for (String line : Transcripts.lines("success")) {
      now = now.plusMillis(100);
      progress.accept(NixLogParser.parse(line)).stream()
          .map(plain::line)
          .flatMap(Optional::stream)
          .filter(text -> text.contains("-1.0") || text.contains("-2.0"))
          .forEach(lines::add);
    }
    assertThat(lines)
        .containsExactly(
            "building library-1.0",
            "ended library-1.0 after 1.1 s",
            "building program-2.0",
            "ended program-2.0 after 1.2 s");
    assertThat(new PlainLines(true).line(new Happening.BuilderLine("a", "b"))).contains("a> b");
  }

  @Test
  void writesJsonObjects() {
    assertThat(
            JsonLines.object(
                    new Happening.Fetched(
                        "a", "/nix/store/a", "https://c", 5, Duration.ofMillis(7)))
                .toString())
        .isEqualTo(
            "{\"schema\":1,\"event\":\"fetched\",\"name\":\"a\",\"path\":\"/nix/store/a\","
                + "\"from\":\"https://c\",\"bytes\":5,\"elapsedMillis\":7}");
    for (String transcript : List.of("success", "substitute", "build-failure", "no-such-http")) {
      assertThat(Transcripts.play(transcript).happenings())
          .isNotEmpty()
          .allSatisfy(h -> assertThat(JsonLines.object(h).path("event").asText()).isNotEmpty());
    }
  }

  @Test
  void drawsATreeWithinTheTerminal() {
    start(1, 104, "[]");
    start(2, 103, "[]");
    result(1, 105, "[1,4,2,0]");
    result(2, 105, "[3,9,1,0]");
    result(0, 106, "[100,10000000]");
    start(3, 105, "[\"/nix/store/%s-web-1.0.drv\"]".formatted("a".repeat(32)));
    start(
        4, 100, "[\"/nix/store/%s-glibc-2.41\",\"https://c\",\"local\"]".formatted("b".repeat(32)));
    result(3, 101, "[\"compiling main.c\"]");
    result(4, 105, "[1500000,4500000,0,0]");
    now = now.plusSeconds(75);

    assertThat(LiveTree.lines(progress.snapshot(), 80, 10))
        .containsExactly(
            "1/4 built · 3/9 fetched (1.5 MB of 10.0 MB) · 1:15 min",
            "├ building web-1.0 · 1:15 min · compiling main.c",
            "└ fetching glibc-2.41 1.5 MB of 4.5 MB · 1:15 min");
    assertThat(LiveTree.lines(progress.snapshot(), 20, 2))
        .containsExactly("1/4 built · 3/9 fet…", "└ and 2 more");
    assertThat(LiveTree.lines(progress.snapshot(), 1, 1)).containsExactly("…");
    result(3, 101, "[\"編集編集編集\"]");
    assertThat(LiveTree.lines(progress.snapshot(), 42, 10).get(1))
        .isEqualTo("├ building web-1.0 · 1:15 min · 編集編集…");
  }

  @Test
  void longStreamsCostNoMemory() {
    start(1, 105, "[\"/nix/store/%s-web.drv\"]".formatted("a".repeat(32)));
    for (int i = 0; i < 200_000; i++) {
      result(1, 101, "[\"line %d\"]".formatted(i));
      start(100 + i, 101, "[\"https://c/x.narinfo\"]");
      progress.accept(new NixEvent.Stopped(100 + i));
    }
    assertThat(progress.logTail("/nix/store/%s-web.drv".formatted("a".repeat(32))).orElseThrow())
        .hasSize(NixProgress.TAIL)
        .endsWith("line 199999");
    assertThat(progress.snapshot().running()).hasSize(1);
  }

  private void start(long id, int type, String fields) {
    progress.accept(
        NixLogParser.parse(
            "@nix {\"action\":\"start\",\"id\":%d,\"level\":3,\"parent\":0,\"text\":\"\",\"type\":%d,\"fields\":%s}"
                .formatted(id, type, fields)));
  }

  private void result(long id, int type, String fields) {
    progress.accept(
        NixLogParser.parse(
            "@nix {\"action\":\"result\",\"id\":%d,\"type\":%d,\"fields\":%s}"
                .formatted(id, type, fields)));
  }

  private static String shape(Happening happening) {
    return switch (happening) {
      case Happening.BuildBegan(String name, String _) -> "began " + name;
      case Happening.BuildEnded(String name, String _, Duration _) -> "ended " + name;
      case Happening.BuilderLine(String name, String line) -> name + "> " + line;
      default -> happening.toString();
    };
  }
}
