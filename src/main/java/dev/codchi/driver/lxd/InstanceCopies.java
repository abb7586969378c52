package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Map;

/**
 * Copies and renames instances ("Instances": {@code POST /1.0/instances} with a source of type
 * {@code copy}, {@code POST /1.0/instances/NAME}).
 */
final class InstanceCopies {
  private final LxdApi api;
  private final InstanceTasks tasks;
  private final InstanceEdit edits;

  InstanceCopies(LxdApi api, InstanceTasks tasks, InstanceEdit edits) {
    this.api = api;
    this.tasks = tasks;
    this.edits = edits;
  }

  /**
   * Copies an instance. What the request does not name, the daemon takes from the original, except
   * what is an instance's own: its network address and its range of ids.
   */
  void copy(String from, ContainerSpec to) {
    ObjectNode body = LxdApi.object().put("name", to.name()).put("type", "container");
    body.putArray("profiles");
    body.putObject("source").put("type", "copy").put("source", from).put("instance_only", true);
    ObjectNode config = body.putObject("config");
    for (Map.Entry<String, String> label : to.labels().entrySet()) {
      config.put(InstanceRequest.LABEL + label.getKey(), label.getValue());
    }
    ObjectNode devices = body.putObject("devices");
    to.mounts().forEach(mount -> devices.set(mount.name(), InstanceRequest.disk(mount)));
    try {
      Retry.BUSY_INSTANCE.whileBusy(() -> api.make(body));
    } catch (LxdError error) {
      if (error.missing()) {
        throw Instances.missing(from);
      }
      throw Instances.refused(to.name(), "copied", error);
    }
  }

  /** Renames an instance unless that has happened, and describes it anew. */
  void rename(String from, ContainerSpec to) {
    tasks.await(from);
    if (!exists(to.name())) {
      ObjectNode body = LxdApi.object().put("name", to.name());
      try {
        Retry.BUSY_INSTANCE.whileBusy(() -> api.change("POST", LxdApi.instance(from, ""), body));
      } catch (LxdError error) {
        if (error.missing()) {
          throw Instances.missing(from);
        }
        if (error.says("running")) {
          throw Failure.of(FailureCode.CONTAINER_BUSY, "The container " + from + " is running")
              .because(error.text())
              .causedBy(error);
        }
        throw Instances.refused(to.name(), "renamed", error);
      }
    }
    edits.redescribe(to);
  }

  private boolean exists(String name) {
    try {
      api.get(LxdApi.instance(name, ""));
      return true;
    } catch (LxdError error) {
      if (error.missing()) {
        return false;
      }
      throw error;
    }
  }
}
