package dev.codchi.machines.secrets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of a beta with secrets in clear text: its configuration, or another text with addresses.
 */
final class ClearText {
  private static final String SECRETS = "secrets";
  private static final String MODULES = "modules";
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION).build();

  private final @Nullable ObjectNode configuration;
  private final String text;

  private ClearText(@Nullable ObjectNode configuration, String text) {
    this.configuration = configuration;
    this.text = text;
  }

  /**
   * One secret.
   *
   * @param text its value
   */
  record Value(SecretKind kind, String name, String text) {
    /** How people are told of it; never the value. */
    String label() {
      return kind == SecretKind.ENV ? name : kind.word() + " " + name;
    }

    /** Never the value. */
    @Override
    public String toString() {
      return label();
    }
  }

  /** A machine's {@code config.json}; empty for what is no object in JSON. */
  static Optional<ClearText> ofConfiguration(byte[] content) {
    try {
      JsonNode root = JSON.readTree(content);
      return root instanceof ObjectNode document
          ? Optional.of(new ClearText(document, ""))
          : Optional.empty();
    } catch (IOException notOurs) {
      return Optional.empty();
    }
  }

  /** Any text; only addresses matter. */
  static ClearText ofText(String text) {
    return new ClearText(null, text);
  }

  /** Names of what is there, those of variables first, each once. */
  List<String> names() {
    return values().stream().map(Value::label).distinct().sorted(byKind()).toList();
  }

  private static java.util.Comparator<String> byKind() {
    return java.util.Comparator.comparing((String label) -> label.startsWith("token "))
        .thenComparing(java.util.Comparator.naturalOrder());
  }

  /** What is there. */
  List<Value> values() {
    if (configuration == null) {
      return tokens(text);
    }
    List<Value> values = new ArrayList<>();
    texts(SECRETS).forEach((name, value) -> values.add(new Value(SecretKind.ENV, name, value)));
    texts(MODULES).values().forEach(address -> values.addAll(tokens(address)));
    return values.stream().distinct().toList();
  }

  /** The file's text without these; everything else stays. */
  String without(Set<Value> sealed) {
    if (configuration == null) {
      return without(text, sealed);
    }
    ObjectNode rest = configuration.deepCopy();
    if (rest.path(SECRETS) instanceof ObjectNode secrets) {
      texts(SECRETS)
          .forEach((name, value) -> {
            if (sealed.contains(new Value(SecretKind.ENV, name, value))) {
              secrets.remove(name);
            }
          });
    }
    if (rest.path(MODULES) instanceof ObjectNode modules) {
      texts(MODULES).forEach((name, address) -> modules.put(name, without(address, sealed)));
    }
    return rest.toPrettyString() + "\n";
  }

  private static List<Value> tokens(String text) {
    return AddressTokens.in(text).stream().map(ClearText::value).toList();
  }

  private static Value value(AddressTokens.Token token) {
    return new Value(SecretKind.TOKEN, token.server(), token.secret());
  }

  private static String without(String text, Set<Value> sealed) {
    return AddressTokens.without(text, token -> sealed.contains(value(token)));
  }

  /** The members of an object that are texts, and not empty. */
  private Map<String, String> texts(String member) {
    Map<String, String> texts = new java.util.LinkedHashMap<>();
    if (configuration != null) {
      configuration
          .path(member)
          .properties()
          .forEach(each -> {
            if (each.getValue().isTextual() && !each.getValue().textValue().isEmpty()) {
              texts.put(each.getKey(), each.getValue().textValue());
            }
          });
    }
    return texts;
  }
}
