package dev.codchi.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonTest {
  @TempDir Path directory;

  @Test
  void the_id_for_root_lies_behind_all_ranges() {
    assertThat(Person.firstFreeId(List.of("a:100000:65536", "root:1000:1", "root:165536:65536")))
        .isEqualTo(231072);
  }

  @Test
  void without_ranges_it_lies_behind_the_daemons_own() {
    assertThat(Person.firstFreeId(List.of("root:1000:1"))).isEqualTo(1_001_000_000);
  }

  @Test
  void it_stays_when_a_user_with_ids_behind_it_is_added() throws IOException {
    Path chosen = directory.resolve("state/person");
    Path ranges = Files.writeString(directory.resolve("subuid"), "a:100000:65536\n");

    int first = Person.reserved(chosen, ranges, ranges);
    Files.writeString(ranges, "a:100000:65536\nb:165537:65536\n");

    assertThat(first).isEqualTo(165536);
    assertThat(Person.reserved(chosen, ranges, ranges)).isEqualTo(first);
  }
}
