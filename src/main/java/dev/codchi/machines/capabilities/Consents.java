package dev.codchi.machines.capabilities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a person answered for one machine.
 *
 * @param answers by capability: whether the machine may use it; what was never asked is absent
 * @param servers by capability: the only servers that a yes is for, where it is limited to some
 */
public record Consents(Map<String, Boolean> answers, Map<String, List<String>> servers) {
  /** Copies both. */
  public Consents {
    answers = Collections.unmodifiableMap(new TreeMap<>(answers));
    Map<String, List<String>> lists = new TreeMap<>();
    servers.forEach((capability, list) -> lists.put(capability, List.copyOf(list)));
    servers = Collections.unmodifiableMap(lists);
  }

  /** Nothing was answered. */
  public static Consents none() {
    return new Consents(Map.of(), Map.of());
  }

  /**
   * The remembered answers; none for a machine that is not there yet.
   *
   * @throws Failure {@code MACHINE_BROKEN} when the file is damaged: nobody's refusal may get lost
   */
  public static Consents read(MachineSide machine) {
    Map<String, Boolean> answers = new TreeMap<>();
    Map<String, List<String>> servers = new TreeMap<>();
    Optional<byte[]> content = WholeFile.read(machine.consents());
    if (content.isPresent()) {
      try {
        JsonNode json = JsonText.MAPPER.readTree(content.get());
        json.path("consents")
            .properties()
            .forEach(entry -> answers.put(entry.getKey(), entry.getValue().asBoolean()));
        // Older versions know no limits and wrote none.
        json.path("servers")
            .properties()
            .forEach(entry -> {
              List<String> list = new ArrayList<>();
              entry.getValue().forEach(server -> list.add(server.asText()));
              servers.put(entry.getKey(), list);
            });
      } catch (IOException damaged) {
        throw Failure.of(
                FailureCode.MACHINE_BROKEN, "the file " + machine.consents() + " is damaged")
            .because(damaged.getMessage())
            .next("Remove it; codchi then asks again what the machine may use.")
            .causedBy(damaged);
      }
    }
    return new Consents(answers, servers);
  }

  /** Remembers the answers. */
  public void write(MachineSide machine) {
    ObjectNode json = JsonText.MAPPER.createObjectNode().put("schema", 1);
    ObjectNode all = json.putObject("consents");
    answers.forEach(all::put);
    if (!servers.isEmpty()) {
      ObjectNode limits = json.putObject("servers");
      servers.forEach((capability, list) -> list.forEach(limits.putArray(capability)::add));
    }
    WholeFile.write(machine.consents(), json.toPrettyString() + "\n", 0644);
  }

  /** What was answered for a capability, if it was asked. */
  public Optional<Boolean> of(String capability) {
    return Optional.ofNullable(answers.get(capability));
  }

  /** The only servers that a capability may be used for; empty where none were named. */
  public List<String> serversOf(String capability) {
    return servers.getOrDefault(capability, List.of());
  }

  /** With one more, or another, answer; servers that were named for it are forgotten. */
  public Consents with(String capability, boolean allowed) {
    return with(capability, allowed, List.of());
  }

  /** With one more, or another, answer, which is for these servers only unless there are none. */
  public Consents with(String capability, boolean allowed, List<String> only) {
    Map<String, Boolean> more = new TreeMap<>(answers);
    more.put(capability, allowed);
    Map<String, List<String>> limits = new TreeMap<>(servers);
    limits.remove(capability);
    if (!only.isEmpty()) {
      limits.put(capability, only);
    }
    return new Consents(more, limits);
  }
}
