package dev.codchi.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.redaction.KnownValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real nix wrote, as people and programs are told it. */
class NixConversationTest {
  private record Event(String kind, Map<String, Object> values) {}

  /** Remembers events and details. */
  private static final class Recorded implements Progress {
    private final List<Event> events = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Override
    public Step begin(String what) {
      throw new AssertionError("nix begins no step of codchi");
    }

    @Override
    public void note(String text) {}

    @Override
    public void warn(String text) {
      warnings.add(text);
    }

    @Override
    public void detail(String line) {
      details.add(line);
    }

    @Override
    public void picture(IntFunction<List<String>> lines) {}

    @Override
    public void event(String kind, Map<String, Object> values) {
      events.add(new Event(kind, values));
    }
  }

  @TempDir Path directory;

  private Recorded play(String transcript) throws IOException {
    Recorded recorded = new Recorded();
    Path log = directory.resolve("nix.log");
    try (NixConversation conversation =
        new NixConversation(List.of("nix", "build"), log, recorded, new KnownValues())) {
      String text = String.join("\n", Transcripts.lines(transcript));
      conversation.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return recorded;
  }

  @Test
  void builds_are_events_from_beginning_to_end() throws IOException {
    Recorded recorded = play("success");
    List<Object> began = names(recorded, "build_began");
    assertThat(began).isNotEmpty().isEqualTo(names(recorded, "build_ended"));
    assertThat(recorded.events)
        .filteredOn(event -> event.kind().equals("build_ended"))
        .allSatisfy(event -> {
          assertThat(event.values().get("derivation").toString()).endsWith(".drv");
          assertThat((Long) event.values().get("millis")).isNotNegative();
        });
  }

  @Test
  void what_came_from_a_cache_is_an_event() throws IOException {
    assertThat(play("substitute").events)
        .filteredOn(event -> event.kind().equals("fetched"))
        .isNotEmpty()
        .allSatisfy(event -> {
          assertThat(event.values().get("path").toString()).startsWith("/nix/store/");
          assertThat(event.values()).containsKeys("name", "from", "bytes", "millis");
        });
  }

  @Test
  void all_of_it_is_in_the_log_and_a_failure_names_it() throws IOException {
    Recorded recorded = new Recorded();
    Path log = directory.resolve("nix.log");
    try (NixConversation conversation =
        new NixConversation(List.of("nix", "build"), log, recorded, new KnownValues())) {
      for (String line : Transcripts.lines("build-failure")) {
        conversation.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      assertThat(conversation.failure(1).nextStep()).contains(log.toString());
    }
    assertThat(Files.readString(log)).contains("line 1\n", "line 40\n");
    assertThat(recorded.details).contains("broken-1.0> line 40");
  }

  @Test
  void a_log_that_cannot_be_written_is_told_once_and_stops_nothing() throws IOException {
    Path full = Files.createSymbolicLink(directory.resolve("nix.log"), Path.of("/dev/full"));
    for (Path log : List.of(full, directory.resolve("no/such/directory/nix.log"))) {
      Recorded recorded = new Recorded();
      try (NixConversation conversation =
          new NixConversation(List.of("nix", "build"), log, recorded, new KnownValues())) {
        // More than a writer keeps for itself.
        for (int times = 0; times < 50; times++) {
          for (String line : Transcripts.lines("build-failure")) {
            conversation.write((line + "\n").getBytes(StandardCharsets.UTF_8));
          }
        }
        Failure failure = conversation.failure(1);
        assertThat(failure.code()).isEqualTo(FailureCode.NIX_BUILD);
        assertThat(failure.nextStep()).doesNotContain(log.toString());
      }
      assertThat(recorded.details).contains("broken-1.0> line 40");
      assertThat(recorded.warnings)
          .singleElement()
          .satisfies(warning -> assertThat(warning).contains(log.toString()));
    }
  }

  private static List<Object> names(Recorded recorded, String kind) {
    return recorded.events.stream()
        .filter(event -> event.kind().equals(kind))
        .<Object>map(event -> event.values().getOrDefault("name", ""))
        .toList();
  }
}
