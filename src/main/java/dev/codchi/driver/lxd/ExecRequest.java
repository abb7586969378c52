package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.Execution;

/** The body of {@code POST /1.0/instances/NAME/exec} ("Instances", {@code InstanceExecPost}). */
final class ExecRequest {
  private ExecRequest() {}

  static ObjectNode of(Execution execution) {
    ObjectNode body = LxdApi.object();
    ArrayNode command = body.putArray("command");
    execution.command().forEach(command::add);
    ObjectNode environment = body.putObject("environment");
    execution.environment().forEach(environment::put);
    body.put("wait-for-websocket", true).put("user", execution.uid()).put("group", execution.gid());
    String directory = execution.directory();
    if (directory != null) {
      body.put("cwd", directory);
    }
    switch (execution.io()) {
      case Execution.Streams streams -> body.put("interactive", false);
      case Execution.Terminal terminal -> {
        Execution.Size size = terminal.size().get();
        body.put("interactive", true).put("width", size.columns()).put("height", size.rows());
      }
    }
    return body;
  }
}
