package dev.codchi.hostintegration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.capabilities.MachineSide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a person said of one machine, as a list of texts in a file beside its definition. */
public final class RememberedList {
  private final Path file;

  private RememberedList(Path file) {
    this.file = file;
  }

  /**
   * That of a machine.
   *
   * @param name of the list and of the file
   */
  public static RememberedList of(MachineSide machine, String name) {
    return new RememberedList(machine.consents().resolveSibling(name + ".json"));
  }

  /**
   * All, in the order in which they were said.
   *
   * @throws Failure {@code MACHINE_BROKEN} when the file is damaged
   */
  public List<String> read() {
    List<String> all = new ArrayList<>();
    Optional<byte[]> content = WholeFile.read(file);
    if (content.isPresent()) {
      try {
        JsonNode json = JsonText.MAPPER.readTree(content.get());
        json.path("entries").forEach(entry -> all.add(entry.asText()));
      } catch (IOException damaged) {
        throw Failure.of(FailureCode.MACHINE_BROKEN, "the file " + file + " is damaged")
            .because(damaged.getMessage())
            .next("Remove it, and say again what it held.")
            .causedBy(damaged);
      }
    }
    return all;
  }

  /** Replaces all. */
  public void write(List<String> all) {
    ObjectNode json = JsonText.MAPPER.createObjectNode().put("schema", 1);
    all.forEach(json.putArray("entries")::add);
    WholeFile.write(file, json.toPrettyString() + "\n", 0644);
  }
}
