package dev.codchi.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.files.JsonText;

/**
 * JSON for programs. Every document names its schema's version; {@code docs/json.md} describes
 * them.
 */
final class Json {
  private Json() {}

  /** A document of the given kind. */
  static ObjectNode document(String kind) {
    return JsonText.MAPPER.createObjectNode().put("schema", "codchi/" + kind + "/1");
  }

  /** A failure, in one line. */
  static String failure(Failure failure) {
    ObjectNode document = document("error");
    document.put("code", failure.code().id());
    document.put("status", failure.code().status().number());
    document.put("what", failure.what());
    document.put("why", failure.why());
    document.put("next", failure.nextStep());
    return document.toString();
  }

  /** The document as people read it. */
  static String pretty(JsonNode document) {
    try {
      return JsonText.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
