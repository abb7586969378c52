package dev.codchi.store.nixlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads lines that nix writes with {@code --log-format internal-json}: {@code @nix} and a JSON
 * object, described by nix's {@code logging.cc}. Never fails: what cannot be read is {@link
 * NixEvent.Foreign}. Safe for use from several threads.
 */
public final class NixLogParser {
  private static final String PREFIX = "@nix ";
  private static final JsonFactory JSON = new JsonFactory();

  /** Terminal sequences: colours, links, and whatever else a builder may write. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|\u001b.");

  private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f]");

  private static final int RESULT_BUILD_LINE = 101;
  private static final int RESULT_PHASE = 104;
  private static final int RESULT_PROGRESS = 105;
  private static final int RESULT_EXPECTED = 106;
  private static final int RESULT_POST_BUILD_LINE = 107;

  private NixLogParser() {}

  /** The event of one line, which has no line ending. */
  public static NixEvent parse(String line) {
    if (!line.startsWith(PREFIX)) {
      return new NixEvent.Foreign(plain(line));
    }
    try (JsonParser json = JSON.createParser(line.substring(PREFIX.length()))) {
      return new Fields().read(json).event();
    } catch (IOException notJson) {
      return new NixEvent.Foreign(plain(line));
    }
  }

  /** Text without terminal sequences and control characters; line ends and tabs stay. */
  public static String plain(String text) {
    boolean clean = true;
    for (int at = 0; at < text.length() && clean; at++) {
      char c = text.charAt(at);
      clean = (c >= ' ' && c != 0x7f) || c == '\n' || c == '\t';
    }
    return clean ? text : CONTROLS.matcher(ESCAPES.matcher(text).replaceAll("")).replaceAll("");
  }

  /** The members of one object; nix's objects are flat but for the list of fields. */
  private static final class Fields {
    private String action = "";
    private String text = "";
    private String message = "";
    private long id;
    private long parent;
    private long type;
    private int level;
    private final List<String> fields = new ArrayList<>(4);

    Fields read(JsonParser json) throws IOException {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "action" -> action = string(json, value);
          case "text" -> text = string(json, value);
          case "msg" -> message = string(json, value);
          case "id" -> id = number(json, value);
          case "parent" -> parent = number(json, value);
          case "type" -> type = number(json, value);
          case "level" -> level = (int) number(json, value);
          case "fields" -> {
            if (value == JsonToken.START_ARRAY) {
              while ((value = json.nextToken()) != JsonToken.END_ARRAY) {
                if (value == null) {
                  throw new IOException("the line ends in a list");
                }
                if (value.isStructStart()) {
                  json.skipChildren();
                }
                fields.add(value.isScalarValue() ? json.getText() : "");
              }
            }
          }
          default -> json.skipChildren();
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new IOException("the line ends in an object");
      }
      return this;
    }

    NixEvent event() {
      return switch (action) {
        case "msg" -> new NixEvent.Message(level, plain(message));
        case "start" ->
            new NixEvent.Started(id, parent, ActivityKind.of(type), level, plain(text), fields);
        case "stop" -> new NixEvent.Stopped(id);
        case "result" -> result();
        default -> new NixEvent.Other();
      };
    }

    private NixEvent result() {
      return switch ((int) type) {
        case RESULT_BUILD_LINE, RESULT_POST_BUILD_LINE ->
            new NixEvent.BuilderSaid(id, plain(field(0)));
        case RESULT_PHASE -> new NixEvent.Phase(id, plain(field(0)));
        case RESULT_PROGRESS ->
            new NixEvent.Advanced(id, amount(0), amount(1), amount(2), amount(3));
        case RESULT_EXPECTED -> new NixEvent.Expected(id, ActivityKind.of(amount(0)), amount(1));
        default -> new NixEvent.Other();
      };
    }

    private String field(int index) {
      return index < fields.size() ? fields.get(index) : "";
    }

    private long amount(int index) {
      try {
        return Long.parseLong(field(index));
      } catch (NumberFormatException none) {
        return 0;
      }
    }

    private static String string(JsonParser json, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_STRING) {
        return json.getText();
      }
      json.skipChildren();
      return "";
    }

    private static long number(JsonParser json, JsonToken value) throws IOException {
      if (value == JsonToken.VALUE_NUMBER_INT) {
        return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            ? json.getBigIntegerValue().longValue()
            : json.getLongValue();
      }
      json.skipChildren();
      return 0;
    }
  }
}
