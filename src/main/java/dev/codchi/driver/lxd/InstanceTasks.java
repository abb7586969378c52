package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What the daemon is doing with instances ("Operations"), also for somebody who no longer waits for
 * it: an operation goes on when whoever asked for it was interrupted or killed.
 */
final class InstanceTasks {
  private final LxdApi api;

  InstanceTasks(LxdApi api) {
    this.api = api;
  }

  /** Waits until the daemon has ended whatever it is doing with an instance, making it included. */
  void await(String name) {
    String path = LxdApi.instance(name, "");
    JsonNode operations = api.get("/1.0/operations?recursion=1");
    for (String state : List.of("running", "pending")) {
      for (JsonNode operation : operations.path(state)) {
        // Programs are operations, too, of the class "websocket", and may run for ever.
        if (operation.path("class").asText().equals("task") && concerns(operation, path)) {
          awaitTask(operation.path("id").asText());
        }
      }
    }
  }

  private static boolean concerns(JsonNode operation, String path) {
    return operation
        .path("resources")
        .path("instances")
        .valueStream()
        .map(JsonNode::asText)
        .anyMatch(one -> one.equals(path) || one.startsWith(path + "?"));
  }

  /** What became of it is for whoever asked for it. */
  private void awaitTask(String id) {
    try {
      api.get(LxdApi.waitPath(id));
    } catch (LxdError error) {
      // One that has ended is forgotten after some seconds.
      if (!error.missing()) {
        throw error.failure("The daemon's work on a container could not be waited for");
      }
    }
  }
}
