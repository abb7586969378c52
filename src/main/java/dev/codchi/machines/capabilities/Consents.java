package dev.codchi.machines.capabilities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a person answered for one machine.
 *
 * @param answers by capability: whether the machine may use it; what was never asked is absent
 */
public record Consents(Map<String, Boolean> answers) {
  /** Copies the answers. */
  public Consents {
    answers = java.util.Collections.unmodifiableMap(new TreeMap<>(answers));
  }

  /**
   * The remembered answers; none for a machine that is not there yet.
   *
   * @throws Failure {@code MACHINE_BROKEN} when the file is damaged: nobody's refusal may get lost
   */
  public static Consents read(MachineSide machine) {
    Map<String, Boolean> answers = new TreeMap<>();
    Optional<byte[]> content = WholeFile.read(machine.consents());
    if (content.isPresent()) {
      try {
        JsonNode json = new ObjectMapper().readTree(content.get());
        json.path("consents")
            .properties()
            .forEach(entry -> answers.put(entry.getKey(), entry.getValue().asBoolean()));
      } catch (IOException damaged) {
        throw Failure.of(
                FailureCode.MACHINE_BROKEN, "the file " + machine.consents() + " is damaged")
            .because(damaged.getMessage())
            .next("Remove it; codchi then asks again what the machine may use.")
            .causedBy(damaged);
      }
    }
    return new Consents(answers);
  }

  /** Remembers the answers. */
  public void write(MachineSide machine) {
    ObjectNode json = new ObjectMapper().createObjectNode().put("schema", 1);
    ObjectNode all = json.putObject("consents");
    answers.forEach(all::put);
    WholeFile.write(machine.consents(), json.toPrettyString() + "\n", 0644);
  }

  /** What was answered for a capability, if it was asked. */
  public Optional<Boolean> of(String capability) {
    return Optional.ofNullable(answers.get(capability));
  }

  /** With one more, or another, answer. */
  public Consents with(String capability, boolean allowed) {
    Map<String, Boolean> more = new TreeMap<>(answers);
    more.put(capability, allowed);
    return new Consents(more);
  }
}
