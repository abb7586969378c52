package dev.codchi.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} says something about every failure, and about nothing else. */
class ErrorsDocumentTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("codchi.basedir", ".")).resolve("docs/errors.md");

  @Test
  void hasOneSectionForEachCode() throws IOException {
    assertThat(sections().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FailureCode.values()).map(FailureCode::id).toList());
  }

  @Test
  void everySectionSaysStatusMeaningCauseAndRemedy() throws IOException {
    Map<String, List<String>> sections = sections();
    for (FailureCode code : FailureCode.values()) {
      String text = String.join("\n", sections.getOrDefault(code.id(), List.of()));
      assertThat(text)
          .as(code.id())
          .contains("Exit status %d".formatted(code.status().number()))
          .contains("**Cause:** ")
          .contains("**What to do:** ");
      assertThat(text.split("\n", 2)[0].strip()).as(code.id() + " has a title").isNotEmpty();
    }
  }

  @Test
  void codesAreUnique() {
    assertThat(Arrays.stream(FailureCode.values()).map(FailureCode::id)).doesNotHaveDuplicates();
  }

  private static Map<String, List<String>> sections() throws IOException {
    Map<String, List<String>> sections = new HashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("### ")) {
        String[] heading = line.substring(4).split(" ", 2);
        current = new ArrayList<>(List.of(heading.length > 1 ? heading[1] : ""));
        assertThat(sections.put(heading[0], current)).as(line + " is there once").isNull();
      } else {
        current.add(line);
      }
    }
    return sections;
  }
}
