package dev.codchi.machines.secrets;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads secrets from clear text and sets them, all or none. */
@ApplicationScoped
public class ImportSecrets {
  private final SetSecret set;

  /** Imports by setting. */
  public ImportSecrets(SetSecret set) {
    this.set = set;
  }

  /**
   * Sets everything in a text.
   *
   * @param content the text, in one of the forms that {@link ExportSecrets} writes, or a dotenv
   *     file by another program; stays the caller's to wipe
   * @return what was set
   * @throws Failure {@code BAD_SECRETS_IMPORT}, {@code SECRET_NAME} or {@code SECRET_VALUE}; then
   *     nothing was set. No message holds a value
   */
  public List<SecretId> importAll(VaultLocation location, byte[] content, TransferFormat format) {
    try (CollectedSecrets values = new CollectedSecrets(parse(content, format))) {
      if (values.values().isEmpty()) {
        return List.of();
      }
      set.setAll(location, values.values());
      return List.copyOf(values.values().keySet());
    }
  }

  static Map<SecretId, SecretValue> parse(byte[] content, TransferFormat format) {
    return switch (format) {
      case DOTENV -> new DotenvReader(content).read();
      case JSON -> json(content);
    };
  }

  private static Map<SecretId, SecretValue> json(byte[] content) {
    JsonNode root;
    try {
      root =
          JsonMapper.builder()
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readTree(content);
    } catch (JacksonException invalid) {
      // The parser's own message may quote the text; the place is enough.
      throw bad(
          "it is not JSON: line "
              + invalid.getLocation().getLineNr()
              + ", column "
              + invalid.getLocation().getColumnNr());
    } catch (IOException unreadable) {
      throw bad("it cannot be read");
    }
    if (!root.isObject()) {
      throw bad("it is not a JSON object");
    }
    Map<SecretId, SecretValue> values = new LinkedHashMap<>();
    if (!root.has("schema")) {
      group(root, SecretKind.ENV, values);
      return values;
    }
    if (root.path("schema").asInt() != 1) {
      throw bad("its schema is not 1");
    }
    for (SecretKind kind : SecretKind.values()) {
      group(root.path(ExportSecrets.key(kind)), kind, values);
    }
    return values;
  }

  private static void group(JsonNode group, SecretKind kind, Map<SecretId, SecretValue> into) {
    if (group.isMissingNode()) {
      return;
    }
    if (!group.isObject()) {
      throw bad("'" + ExportSecrets.key(kind) + "' is not an object");
    }
    group
        .properties()
        .forEach(each -> {
          SecretId id = new SecretId(kind, each.getKey());
          into.put(id, value(id, each.getValue()));
        });
  }

  private static SecretValue value(SecretId id, JsonNode node) {
    if (node.isTextual()) {
      return SecretValue.owning(node.textValue().getBytes(StandardCharsets.UTF_8));
    }
    JsonNode encoded = node.path("base64");
    if (!encoded.isTextual()) {
      throw bad("the value of " + id + " is neither a text nor {\"base64\": ...}");
    }
    try {
      return SecretValue.owning(Base64.getDecoder().decode(encoded.textValue()));
    } catch (IllegalArgumentException invalid) {
      throw bad("the value of " + id + " is not Base64");
    }
  }

  static Failure bad(String reason) {
    return Failure.of(FailureCode.BAD_SECRETS_IMPORT, "The secrets cannot be imported")
        .because("The text is not what an import needs: " + reason);
  }
}
