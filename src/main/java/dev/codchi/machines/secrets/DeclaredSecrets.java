package dev.codchi.machines.secrets;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code codchi/secrets.json} of a built system: which secrets its configuration declares.
 * The file is made by the machine driver (see {@code src/main/nix/README.md}), but out of anybody's
 * modules, so everything in it is checked, and all mistakes are reported at once.
 */
public final class DeclaredSecrets {
  private static final int SCHEMA = 1;
  private static final Set<String> ENV_KEYS =
      Set.of("name", "variable", "file", "description", "optional", "generator");
  private static final Set<String> FILE_KEYS =
      Set.of("name", "path", "owner", "group", "mode", "description", "optional", "generator");
  private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";
  private static final String ACCOUNT = "[A-Za-z_][A-Za-z0-9_.-]*\\$?";

  private final List<String> mistakes = new ArrayList<>();
  private final List<SecretDeclaration> declarations = new ArrayList<>();
  private final Set<SecretId> seen = new HashSet<>();
  private final Set<String> variables = new HashSet<>();

  private DeclaredSecrets() {}

  /**
   * The declared secrets, in the order of the file.
   *
   * @param json the file's bytes
   * @throws Failure {@code BAD_DECLARATION} listing every mistake
   */
  public static List<SecretDeclaration> parse(byte[] json) {
    DeclaredSecrets reader = new DeclaredSecrets();
    try {
      JsonNode root =
          JsonMapper.builder()
              .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readTree(json);
      reader.readRoot(root);
    } catch (JacksonException invalid) {
      reader.mistakes.add("it is not JSON: " + invalid.getOriginalMessage());
    } catch (IOException unreadable) {
      reader.mistakes.add("it cannot be read: " + unreadable.getMessage());
    }
    if (!reader.mistakes.isEmpty()) {
      throw Failure.of(
              FailureCode.BAD_DECLARATION, "The machine's declaration of secrets is not valid")
          .because(String.join("; ", reader.mistakes));
    }
    return List.copyOf(reader.declarations);
  }

  private void readRoot(JsonNode root) {
    if (!root.isObject()) {
      mistakes.add("it is not an object");
      return;
    }
    JsonNode schema = root.path("schema");
    if (!schema.isInt() || schema.intValue() != SCHEMA) {
      mistakes.add("its schema is " + schema + ", this codchi knows " + SCHEMA);
      return;
    }
    refuseOthers(root, Set.of("schema", "env", "files"), "it");
    readList(root, "env", ENV_KEYS, SecretKind.ENV);
    readList(root, "files", FILE_KEYS, SecretKind.FILE);
  }

  private void readList(JsonNode root, String key, Set<String> keys, SecretKind kind) {
    JsonNode list = root.path(key);
    if (!list.isArray()) {
      mistakes.add("'" + key + "' is not a list");
      return;
    }
    int index = 0;
    for (JsonNode each : list) {
      String where = key + "[" + index++ + "]";
      if (each.isObject()) {
        refuseOthers(each, keys, where);
        readOne(each, where, kind);
      } else {
        mistakes.add(where + " is not an object");
      }
    }
  }

  private void readOne(JsonNode node, String where, SecretKind kind) {
    int before = mistakes.size();
    String name = text(node, "name", where);
    // Shown on terminals, where control characters would be obeyed.
    String description = text(node, "description", where).replaceAll("[\\p{Cntrl}&&[^\n\t]]", "");
    boolean optional = flag(node, "optional", where);
    Optional<SecretGenerator> generator = generator(node.path("generator"), where);
    SecretDeclaration.Place place =
        kind == SecretKind.ENV ? variable(node, where) : file(node, where);
    if (mistakes.size() > before) {
      return;
    }
    SecretId id;
    try {
      id = new SecretId(kind, name);
    } catch (Failure invalid) {
      mistakes.add(where + ": " + invalid.what());
      return;
    }
    if (!seen.add(id)) {
      mistakes.add(where + ": " + id + " is declared twice");
      return;
    }
    declarations.add(new SecretDeclaration(id, description.strip(), !optional, place, generator));
  }

  private SecretDeclaration.Place variable(JsonNode node, String where) {
    String variable = text(node, "variable", where);
    if (!variable.matches(VARIABLE)) {
      mistakes.add(where + ": 'variable' is not the name of an environment variable");
    } else if (!variables.add(variable)) {
      mistakes.add(where + ": the variable " + variable + " is declared twice");
    }
    return new SecretDeclaration.InVariable(variable, path(node, "file", where));
  }

  private SecretDeclaration.Place file(JsonNode node, String where) {
    String mode = text(node, "mode", where);
    if (!mode.matches("0?[0-7]{3}")) {
      mistakes.add(where + ": 'mode' is not three octal digits");
      mode = "0";
    }
    return new SecretDeclaration.InFile(
        path(node, "path", where),
        account(node, "owner", where),
        account(node, "group", where),
        Integer.parseInt(mode, 8));
  }

  private Optional<SecretGenerator> generator(JsonNode node, String where) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    Optional<SecretGenerator.Format> format =
        SecretGenerator.Format.ofWord(node.path("format").asText());
    JsonNode length = node.path("length");
    if (format.isEmpty()
        || !length.isInt()
        || length.intValue() < SecretGenerator.SHORTEST
        || length.intValue() > SecretGenerator.LONGEST) {
      mistakes.add(
          where
              + ": 'generator' needs a format (hex, base64, alphanumeric) and a length from "
              + SecretGenerator.SHORTEST
              + " to "
              + SecretGenerator.LONGEST);
      return Optional.empty();
    }
    return Optional.of(new SecretGenerator(format.get(), length.intValue()));
  }

  private String account(JsonNode node, String key, String where) {
    String account = text(node, key, where);
    if (!account.matches(ACCOUNT)) {
      mistakes.add(where + ": '" + key + "' is not the name of an account");
    }
    return account;
  }

  private String path(JsonNode node, String key, String where) {
    String path = text(node, key, where);
    boolean clean =
        path.startsWith("/")
            && path.chars().noneMatch(Character::isISOControl)
            && List.of(path.split("/", -1)).stream().noneMatch(part -> part.equals(".."));
    if (!clean) {
      mistakes.add(where + ": '" + key + "' is not an absolute path");
    }
    return path;
  }

  private String text(JsonNode node, String key, String where) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      mistakes.add(where + ": '" + key + "' is not a text");
      return "";
    }
    return value.textValue();
  }

  private boolean flag(JsonNode node, String key, String where) {
    JsonNode value = node.path(key);
    if (!value.isBoolean()) {
      mistakes.add(where + ": '" + key + "' is not true or false");
    }
    return value.booleanValue();
  }

  private void refuseOthers(JsonNode node, Set<String> known, String where) {
    node.fieldNames()
        .forEachRemaining(key -> {
          if (!known.contains(key)) {
            mistakes.add(where + " has '" + key + "', which this codchi does not know");
          }
        });
  }
}
