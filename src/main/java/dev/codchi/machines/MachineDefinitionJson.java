package dev.codchi.machines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code machine.json}. Written with the tree model, so that the native program needs no
 * reflection; the same definition always gives the same bytes.
 */
public final class MachineDefinitionJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> KEYS =
      Set.of("version", "name", "modules", "nixpkgs", "created", "facts");

  private final List<String> problems = new ArrayList<>();

  private MachineDefinitionJson() {}

  /** The file's text, ending with a newline. */
  public static String write(MachineDefinition definition) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", MachineDefinition.VERSION);
    root.put("name", definition.name().value());
    ArrayNode modules = root.putArray("modules");
    for (MachineDefinition.Module module : definition.modules()) {
      ObjectNode node = modules.addObject();
      node.put("name", module.name());
      node.put("reference", module.reference().print());
      node.put("attribute", module.attribute().print());
    }
    ObjectNode nixpkgs = root.putObject("nixpkgs");
    switch (definition.nixpkgs()) {
      case MachineDefinition.Nixpkgs.Default ignored -> nixpkgs.put("from", "default");
      case MachineDefinition.Nixpkgs.Follows(String module) ->
          nixpkgs.put("from", "module").put("module", module);
    }
    root.put("created", definition.created().toString());
    ObjectNode facts = root.putObject("facts");
    definition.facts().forEach(facts::put);
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(lines)
            .withArrayIndenter(lines);
    try {
      return JSON.writer(printer).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Reads the file's text.
   *
   * @param where how the file is called in messages
   * @throws Failure {@link FailureCode#MACHINE_BROKEN}: every problem at once; or the file is of a
   *     newer codchi, and then it must not be written either
   */
  public static MachineDefinition read(String text, String where) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException notJson) {
      var at = notJson.getLocation();
      throw broken(
              where,
              "%s (line %d, column %d)"
                  .formatted(notJson.getOriginalMessage(), at.getLineNr(), at.getColumnNr()))
          .causedBy(notJson);
    }
    if (!root.isObject()) {
      throw broken(where, "it is not a JSON object");
    }
    JsonNode version = root.path("version");
    if (version.isIntegralNumber() && version.longValue() > MachineDefinition.VERSION) {
      throw Failure.of(FailureCode.MACHINE_BROKEN, "%s is of a newer codchi".formatted(where))
          .because(
              "it has version %s, and this codchi knows up to %d"
                  .formatted(version.asText(), MachineDefinition.VERSION))
          .next("Update codchi; the file is left as it is.");
    }
    MachineDefinitionJson reader = new MachineDefinitionJson();
    MachineDefinition definition = reader.definition((ObjectNode) root);
    if (!reader.problems.isEmpty() || definition == null) {
      throw broken(where, String.join("; ", reader.problems));
    }
    return definition;
  }

  private @Nullable MachineDefinition definition(ObjectNode root) {
    if (!root.path("version").isIntegralNumber()
        || root.path("version").longValue() != MachineDefinition.VERSION) {
      problems.add("'version' is not " + MachineDefinition.VERSION);
    }
    unknownKeys(root, "", KEYS);
    MachineName name = parsed(root, "", "name", MachineName::of);
    List<MachineDefinition.Module> modules = modules(root);
    MachineDefinition.Nixpkgs nixpkgs = nixpkgs(root);
    Instant created = parsed(root, "", "created", MachineDefinitionJson::instant);
    Map<String, String> facts = facts(root);
    if (name == null || nixpkgs == null || created == null) {
      return null;
    }
    try {
      return new MachineDefinition(name, modules, nixpkgs, created, facts);
    } catch (Failure inconsistent) {
      problems.add(sentence(inconsistent));
      return null;
    }
  }

  private List<MachineDefinition.Module> modules(ObjectNode root) {
    List<MachineDefinition.Module> modules = new ArrayList<>();
    if (!root.path("modules").isArray()) {
      problems.add("'modules' is not a list");
      return modules;
    }
    int number = 0;
    for (JsonNode node : root.path("modules")) {
      String where = "modules[" + number++ + "].";
      if (!node.isObject()) {
        problems.add("'%s' is not an object".formatted(where.substring(0, where.length() - 1)));
        continue;
      }
      unknownKeys(node, where, Set.of("name", "reference", "attribute"));
      String name = parsed(node, where, "name", ModuleName::check);
      FlakeReference reference = parsed(node, where, "reference", MachineDefinitionJson::reference);
      ModuleAttribute attribute = parsed(node, where, "attribute", ModuleAttribute::parse);
      if (name != null && reference != null && attribute != null) {
        try {
          modules.add(new MachineDefinition.Module(name, reference, attribute));
        } catch (Failure wrong) {
          problems.add("'%sreference': %s".formatted(where, sentence(wrong)));
        }
      }
    }
    return modules;
  }

  private MachineDefinition.@Nullable Nixpkgs nixpkgs(ObjectNode root) {
    JsonNode node = root.path("nixpkgs");
    unknownKeys(node, "nixpkgs.", Set.of("from", "module"));
    String from = node.path("from").asText();
    if (from.equals("default") && !node.has("module")) {
      return new MachineDefinition.Nixpkgs.Default();
    }
    if (from.equals("module") && node.path("module").isTextual()) {
      return new MachineDefinition.Nixpkgs.Follows(node.path("module").textValue());
    }
    problems.add("'nixpkgs.from' is neither 'default' nor 'module' with 'nixpkgs.module'");
    return null;
  }

  private Map<String, String> facts(ObjectNode root) {
    Map<String, String> facts = new LinkedHashMap<>();
    JsonNode node = root.path("facts");
    if (!node.isObject() && !node.isMissingNode()) {
      problems.add("'facts' is not an object");
    }
    node.properties()
        .forEach(fact -> {
          if (fact.getValue().isTextual()) {
            facts.put(fact.getKey(), fact.getValue().textValue());
          } else {
            problems.add("'facts.%s' is not a text".formatted(fact.getKey()));
          }
        });
    return facts;
  }

  private static FlakeReference reference(String text) {
    ParsedReference parsed = FlakeReference.parse(text);
    if (parsed.credentials().isPresent()) {
      throw ReferenceRules.bad("The reference has credentials in it")
          .because("they belong among the secrets");
    }
    if (parsed.module().isPresent()) {
      throw ReferenceRules.bad("The reference has a '#' in it");
    }
    return parsed.reference();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException notATime) {
      throw Failure.of(FailureCode.MACHINE_BROKEN, "it is not a time such as 2026-01-31T12:00:00Z")
          .causedBy(notATime);
    }
  }

  private <T> @Nullable T parsed(
      JsonNode node, String where, String key, Function<String, T> parse) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      problems.add("'%s%s' is %s".formatted(where, key, node.has(key) ? "not a text" : "missing"));
      return null;
    }
    try {
      return parse.apply(value.textValue());
    } catch (Failure wrong) {
      problems.add("'%s%s': %s".formatted(where, key, sentence(wrong)));
      return null;
    }
  }

  private void unknownKeys(JsonNode node, String where, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(key -> {
          if (!known.contains(key)) {
            problems.add("'%s%s' is unknown".formatted(where, key));
          }
        });
  }

  private static String sentence(Failure failure) {
    return failure.why() == null ? failure.what() : failure.what() + ", " + failure.why();
  }

  private static Failure broken(String where, String why) {
    return Failure.of(FailureCode.MACHINE_BROKEN, "%s cannot be read".formatted(where))
        .because(why)
        .next("Mend the file; it is left as it is.");
  }
}
