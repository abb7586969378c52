package dev.codchi.machines.capabilities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a machine was given last.
 *
 * @param states each capability that it may use, with the {@link Capability#state} of then
 * @param environment its variables
 */
record Given(Map<String, String> states, Map<String, String> environment) {
  Given {
    states = Collections.unmodifiableMap(new TreeMap<>(states));
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
  }

  /** What is written down; nothing where it is absent or damaged, for then it is given anew. */
  static Optional<Given> read(MachineSide machine) {
    return WholeFile.read(machine.given())
        .flatMap(content -> {
          try {
            JsonNode json = JsonText.MAPPER.readTree(content);
            return Optional.of(
                new Given(texts(json.path("states")), texts(json.path("environment"))));
          } catch (IOException damaged) {
            return Optional.empty();
          }
        });
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** Writes it down. */
  void write(MachineSide machine) {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    ObjectNode all = json.putObject("states");
    states.forEach(all::put);
    ObjectNode variables = json.putObject("environment");
    environment.forEach(variables::put);
    WholeFile.write(machine.given(), json.toPrettyString(), 0600);
  }
}
