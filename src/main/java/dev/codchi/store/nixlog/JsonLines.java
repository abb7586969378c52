package dev.codchi.store.nixlog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Happenings as JSON, one object a line. Every object has {@code schema} (1) and {@code event};
 * times are {@code elapsedMillis}.
 */
public final class JsonLines {
  /** The version of the objects' form. */
  public static final int SCHEMA = 1;

  private JsonLines() {}

  /** The object, without a line ending. */
  public static ObjectNode object(Happening happening) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("schema", SCHEMA);
    switch (happening) {
      case Happening.BuildBegan(String name, String derivation) ->
          object.put("event", "build-began").put("name", name).put("derivation", derivation);
      case Happening.BuildEnded(String name, String derivation, var elapsed) ->
          object
              .put("event", "build-ended")
              .put("name", name)
              .put("derivation", derivation)
              .put("elapsedMillis", elapsed.toMillis());
      case Happening.Fetched(String name, String path, String from, long bytes, var elapsed) ->
          object
              .put("event", "fetched")
              .put("name", name)
              .put("path", path)
              .put("from", from)
              .put("bytes", bytes)
              .put("elapsedMillis", elapsed.toMillis());
      case Happening.Step(String text) -> object.put("event", "step").put("text", text);
      case Happening.Warned(String text) -> object.put("event", "warning").put("text", text);
      case Happening.Erred(String text) -> object.put("event", "error").put("text", text);
      case Happening.BuilderLine(String name, String line) ->
          object.put("event", "builder-line").put("name", name).put("line", line);
      case Happening.Said(String line) -> object.put("event", "said").put("line", line);
    }
    return object;
  }
}
