package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Starting, stopping and deleting instances ("Instances", {@code PUT .../state}). */
final class InstanceStates {
  /** How much of a log is shown when a container does not start. */
  private static final int LOG_LINES = 8;

  private static final int FREEZE_SECONDS = 30;

  private final LxdApi api;
  private final InstanceTasks tasks;
  private final SubordinateIds ids;

  InstanceStates(LxdApi api, InstanceTasks tasks, SubordinateIds ids) {
    this.api = api;
    this.tasks = tasks;
    this.ids = ids;
  }

  /**
   * Starts an instance unless it runs.
   *
   * @param ownIdFiles whether the daemon reads this host's subuid and subgid files
   * @return whether this started it
   */
  boolean start(String name, boolean ownIdFiles) {
    JsonNode instance = startable(name);
    if (running(instance)) {
      // The daemon calls one running that it is about to stop.
      tasks.await(name);
      instance = startable(name);
    }
    if (running(instance)) {
      return false;
    }
    String idmap = instance.path("config").path("raw.idmap").asText();
    if (ownIdFiles) {
      ids.check(idmap);
    }
    try {
      Retry.BUSY_INSTANCE.whileBusy(() -> change(name, action("start")));
      return true;
    } catch (LxdError error) {
      if (!error.says("already running")) {
        throw explain(name, idmap, error);
      }
      return false;
    }
  }

  private JsonNode startable(String name) {
    try {
      return api.get(LxdApi.instance(name, ""));
    } catch (LxdError error) {
      throw error.missing() ? Instances.missing(name) : notStarted(name, error);
    }
  }

  private static boolean running(JsonNode instance) {
    return instance.path("status").asText().equals("Running");
  }

  /** Stops an instance, by force when it does not obey in time. */
  void stop(String name, int graceSeconds) {
    if (!tryStop(name, graceSeconds)) {
      // The daemon calls one stopped that it is about to start for somebody who was interrupted.
      tasks.await(name);
      if (!atRest(name)) {
        tryStop(name, graceSeconds);
      }
    }
  }

  /** Whether there was something to stop. */
  private boolean tryStop(String name, int graceSeconds) {
    if (graceSeconds > 0) {
      try {
        ObjectNode orderly = action("stop").put("timeout", graceSeconds).put("force", false);
        Retry.BUSY_INSTANCE.whileBusy(() -> change(name, orderly));
        return true;
      } catch (LxdError error) {
        if (gone(error)) {
          return false;
        }
        // It did not obey, or has no init that could; the daemon says only that time is up.
      }
    }
    try {
      ObjectNode force = action("stop").put("timeout", -1).put("force", true);
      Retry.BUSY_INSTANCE.whileBusy(() -> change(name, force));
      return true;
    } catch (LxdError error) {
      if (gone(error)) {
        return false;
      }
      throw error.failure("The container " + name + " could not be stopped");
    }
  }

  /**
   * Waits until the daemon says that an instance is stopped. Incus says so only when it has cleaned
   * up, although it refuses to stop it as one that is stopped already.
   */
  void awaitStopped(String name) {
    boolean stopped = Retry.BUSY_INSTANCE.until(() -> atRest(name));
    if (!stopped) {
      throw Failure.of(FailureCode.CONTAINER_BUSY, "The container " + name + " does not stop")
          .next("The daemon's own log tells more.");
    }
  }

  /** Halts the processes of an instance that runs. */
  void freeze(String name) {
    if (status(name).equals("Running")) {
      hold(name, "freeze");
    }
  }

  /**
   * Lets a frozen instance go on, also one that is about to be frozen for somebody who was killed.
   */
  void thaw(String name) {
    tasks.await(name);
    if (status(name).equals("Frozen")) {
      hold(name, "unfreeze");
    }
  }

  private boolean atRest(String name) {
    String status = status(name);
    return status.equals("Stopped") || status.isEmpty();
  }

  /** Empty where there is none. */
  private String status(String name) {
    try {
      return api.get(LxdApi.instance(name, "")).path("status").asText();
    } catch (LxdError error) {
      if (error.missing()) {
        return "";
      }
      throw error.failure("The container " + name + " could not be looked up");
    }
  }

  private void hold(String name, String action) {
    try {
      ObjectNode body = action(action).put("timeout", FREEZE_SECONDS);
      Retry.BUSY_INSTANCE.whileBusy(() -> change(name, body));
    } catch (LxdError error) {
      throw error.failure("The container " + name + " did not " + action);
    }
  }

  /** Deletes an instance, stopping it before where necessary. */
  void delete(String name) {
    try {
      if (!tryDelete(name)) {
        stop(name, 0);
        if (!tryDelete(name)) {
          throw Failure.of(
              FailureCode.CONTAINER_BUSY, "The container " + name + " was started while it went");
        }
      }
    } catch (LxdError error) {
      if (!error.missing()) {
        throw error.failure("The container " + name + " could not be deleted");
      }
    }
  }

  /** Whether it worked; not when it is running. */
  private boolean tryDelete(String name) {
    try {
      Retry.BUSY_INSTANCE.whileBusy(() -> api.change("DELETE", LxdApi.instance(name, ""), null));
      return true;
    } catch (LxdError error) {
      if (error.says("is running")) {
        return false;
      }
      throw error;
    }
  }

  /** The end of what the container's first process wrote; empty when it never ran. */
  String consoleLog(String name) {
    return text(name, "/console");
  }

  private JsonNode change(String name, ObjectNode action) {
    return api.change("PUT", LxdApi.instance(name, "/state"), action);
  }

  private static ObjectNode action(String action) {
    return LxdApi.object().put("action", action);
  }

  private static boolean gone(LxdError error) {
    return error.missing() || error.notRunning();
  }

  /** liblxc's own log has the cause; the operation only says that a program ended with 1. */
  private Failure explain(String name, String idmap, LxdError error) {
    if (error.missing()) {
      return Instances.missing(name);
    }
    if (error.busy()) {
      return notStarted(name, error);
    }
    String log = text(name, "/logs/lxc.log");
    for (String line : log.lines().toList()) {
      int refused = line.indexOf("idmap: ");
      if (refused >= 0 && line.contains("not allowed")) {
        return ids.refused(idmap, said(line)).causedBy(error);
      }
    }
    String why = interesting(log);
    return notStarted(name, error)
        .because(why.isEmpty() ? error.text() : error.text() + "\n" + why);
  }

  private static Failure notStarted(String name, LxdError error) {
    Failure failure = error.failure("The container " + name + " could not be started");
    return failure.code() == FailureCode.LXD_API
        ? Failure.of(FailureCode.CONTAINER_START, failure.what())
            .because(error.text())
            .causedBy(error)
        : failure;
  }

  /** The last errors in liblxc's log, without time and place. */
  private static String interesting(String log) {
    var errors = log.lines().filter(line -> line.contains(" ERROR ")).map(InstanceStates::said);
    var all = errors.toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
  }

  /** The message of a line {@code lxc NAME TIME LEVEL AREA - FILE:FUNCTION:LINE - MESSAGE}. */
  private static String said(String line) {
    String[] parts = line.split(" - ", 3);
    return parts[parts.length - 1].strip();
  }

  private String text(String name, String rest) {
    HttpRequest request = HttpRequest.of("GET", LxdApi.instance(name, rest));
    try (HttpResponse response = api.raw(request)) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    } catch (LxdError error) {
      // An instance that never ran has no console and no log; the daemon calls that an error 500.
      if (error.missing() || error.says("no such file")) {
        return "";
      }
      throw error.failure("The log of the container " + name + " could not be read");
    } catch (IOException broken) {
      throw Failure.of(
              FailureCode.LXD_CONNECTION_LOST, "The log of the container " + name + " broke off")
          .because(broken.getMessage())
          .causedBy(broken);
    }
  }
}
