package dev.codchi.machines.secrets;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.codchi.machines.secrets.delivery.EnvironmentFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a machine's secrets down in clear text. The caller makes sure that a person wants it. */
@ApplicationScoped
public class ExportSecrets {
  private final Vaults vaults;

  /** Exports from these vaults. */
  public ExportSecrets(Vaults vaults) {
    this.vaults = vaults;
  }

  /**
   * What was written down.
   *
   * @param content clear text, to be wiped by the caller
   * @param left secrets that the format cannot hold
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, compared nowhere
  public record Exported(byte[] content, List<SecretId> left) {}

  /** Exports all secrets in the vault; nothing but an empty form when there is none. */
  public Exported export(VaultLocation location, TransferFormat format) {
    Map<SecretId, SecretValue> values =
        vaults.read(location, ExportSecrets::everything).orElseGet(LinkedHashMap::new);
    try (CollectedSecrets collected = new CollectedSecrets(values)) {
      return switch (format) {
        case DOTENV -> dotenv(collected.values());
        case JSON -> new Exported(json(collected.values()), List.of());
      };
    }
  }

  private static Map<SecretId, SecretValue> everything(Vault vault) {
    Map<SecretId, SecretValue> values = new LinkedHashMap<>();
    vault.ids().forEach(id -> vault.get(id).ifPresent(value -> values.put(id, value)));
    return values;
  }

  private static Exported dotenv(Map<SecretId, SecretValue> values) {
    Map<String, SecretValue> variables = new LinkedHashMap<>();
    List<SecretId> left = new ArrayList<>();
    values.forEach((id, value) -> {
      if (id.kind() == SecretKind.ENV) {
        variables.put(id.name(), value);
      } else {
        left.add(id);
      }
    });
    return new Exported(EnvironmentFile.render(variables), left);
  }

  private static byte[] json(Map<SecretId, SecretValue> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out, JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("schema", 1);
      for (SecretKind kind : SecretKind.values()) {
        json.writeObjectFieldStart(key(kind));
        for (Map.Entry<SecretId, SecretValue> each : values.entrySet()) {
          if (each.getKey().kind() == kind) {
            json.writeFieldName(each.getKey().name());
            writeValue(json, each.getValue());
          }
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static void writeValue(JsonGenerator json, SecretValue value) throws IOException {
    byte[] bytes = value.bytes();
    Optional<String> text = text(bytes);
    if (text.isPresent()) {
      json.writeString(text.get());
    } else {
      json.writeStartObject();
      json.writeStringField("base64", Base64.getEncoder().encodeToString(bytes));
      json.writeEndObject();
    }
    Arrays.fill(bytes, (byte) 0);
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }

  static String key(SecretKind kind) {
    return switch (kind) {
      case ENV -> "env";
      case FILE -> "files";
      case TOKEN -> "tokens";
    };
  }
}
