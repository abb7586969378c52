package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a machine's current generation was built from; lets a rebuild with the same inputs end
 * without evaluating anything.
 *
 * @param system store path of the system
 * @param inputs fingerprint of {@code flake.nix} and {@code flake.lock}
 */
record InstalledSystem(String system, String inputs) {
  private static final String FILE = "installed.json";

  /**
   * What is written down in a machine's directory; nothing where that is absent or damaged, for
   * then it is only rebuilt.
   */
  static Optional<InstalledSystem> read(Path machineDirectory) {
    return WholeFile.read(machineDirectory.resolve(FILE)).flatMap(InstalledSystem::parse);
  }

  private static Optional<InstalledSystem> parse(byte[] content) {
    try {
      JsonNode json = JsonText.MAPPER.readTree(content);
      return Optional.of(
          new InstalledSystem(json.path("system").asText(), json.path("inputs").asText()));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  /** Writes it down. */
  void write(Path machineDirectory) {
    String text =
        JsonText.MAPPER
            .createObjectNode()
            .put("system", system)
            .put("inputs", inputs)
            .toPrettyString();
    WholeFile.write(machineDirectory.resolve(FILE), text, 0644);
  }
}
