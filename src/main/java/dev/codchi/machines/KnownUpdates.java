package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What was found when somebody last looked for updates of a machine.
 *
 * @param available whether there were some
 * @param inputs what the machine was built from then; the answer is worth nothing once it was built
 *     from something else
 * @param when somebody looked
 */
record KnownUpdates(boolean available, String inputs, Instant when) {
  private static final String FILE = "updates.json";

  /** What is remembered in a machine's directory; nothing where that is absent or damaged. */
  static Optional<KnownUpdates> read(Path machineDirectory) {
    return WholeFile.read(machineDirectory.resolve(FILE)).flatMap(KnownUpdates::parse);
  }

  private static Optional<KnownUpdates> parse(byte[] content) {
    try {
      JsonNode json = JsonText.MAPPER.readTree(content);
      return Optional.of(
          new KnownUpdates(
              json.path("available").asBoolean(),
              json.path("inputs").asText(),
              Instant.parse(json.path("when").asText())));
    } catch (IOException | DateTimeParseException damaged) {
      return Optional.empty();
    }
  }

  /** Remembers it. */
  void write(Path machineDirectory) {
    String text =
        JsonText.MAPPER
            .createObjectNode()
            .put("available", available)
            .put("inputs", inputs)
            .put("when", when.toString())
            .toPrettyString();
    WholeFile.write(machineDirectory.resolve(FILE), text, 0644);
  }
}
