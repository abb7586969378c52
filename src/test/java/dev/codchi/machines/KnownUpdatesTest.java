package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownUpdatesTest {
  @TempDir Path machine;

  @Test
  void remembers_what_was_found_and_when() {
    assertThat(KnownUpdates.read(machine)).isEmpty();
    KnownUpdates found = new KnownUpdates(true, "abc", Instant.parse("2026-02-03T04:05:06Z"));
    found.write(machine);
    assertThat(KnownUpdates.read(machine)).contains(found);
    KnownUpdates later = new KnownUpdates(false, "abc", Instant.parse("2026-02-04T04:05:06Z"));
    later.write(machine);
    assertThat(KnownUpdates.read(machine)).contains(later);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{ \"available\": true, \"inputs\": \"abc\", \"when\": \"then\" }"})
  void knows_nothing_from_a_damaged_file(String content) throws IOException {
    Files.writeString(machine.resolve("updates.json"), content);
    assertThat(KnownUpdates.read(machine)).isEmpty();
  }
}
