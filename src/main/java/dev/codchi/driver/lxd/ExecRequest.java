package dev.codchi.driver.lxd;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.codchi.driver.Execution;
import dev.codchi.files.JsonText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** The body of {@code POST /1.0/instances/NAME/exec} ("Instances", {@code InstanceExecPost}). */
final class ExecRequest {
  private ExecRequest() {}

  /** Written without a tree of it, since every exec would learn first how trees are written. */
  static String of(Execution execution) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonText.MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("command");
      for (String word : execution.command()) {
        json.writeString(word);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("environment");
      for (Map.Entry<String, String> variable : execution.environment().entrySet()) {
        json.writeStringField(variable.getKey(), variable.getValue());
      }
      json.writeEndObject();
      json.writeBooleanField("wait-for-websocket", true);
      json.writeNumberField("user", execution.uid());
      json.writeNumberField("group", execution.gid());
      String directory = execution.directory();
      if (directory != null) {
        json.writeStringField("cwd", directory);
      }
      switch (execution.io()) {
        case Execution.Streams streams -> json.writeBooleanField("interactive", false);
        case Execution.Terminal terminal -> {
          Execution.Size size = terminal.size().get();
          json.writeBooleanField("interactive", true);
          json.writeNumberField("width", size.columns());
          json.writeNumberField("height", size.rows());
        }
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
