package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs programs in instances ("Instances", {@code POST /1.0/instances/NAME/exec}; the protocol of
 * the WebSockets is described in the daemon's "How to run commands in an instance" and its exec
 * documentation). Two round trips before the program runs: the request, and all sockets at once.
 */
final class LxdExecutor implements Executor {
  private final LxdApi api;

  /**
   * Sockets of programs that have ended. What is still open of them is closed when another program
   * is run, or with codchi itself: the first that is closed makes the JDK look at what networks
   * this host has, which whoever called {@code exec} would wait for.
   */
  private final Queue<WebSocket> ended = new ConcurrentLinkedQueue<>();

  LxdExecutor(LxdApi api) {
    this.api = api;
  }

  @Override
  public Running start(Execution execution) {
    closeEnded();
    String name = execution.container();
    JsonNode operation;
    try {
      HttpRequest request = HttpRequest.of("POST", LxdApi.instance(name, "/exec"));
      operation = api.send(request.withJson(ExecRequest.of(execution))).path("metadata");
    } catch (LxdError error) {
      throw refused(name, error);
    }
    String id = operation.path("id").asText();
    JsonNode secrets = operation.path("metadata").path("fds");
    List<String> targets = new ArrayList<>();
    for (String fd : fds(execution.io())) {
      targets.add(target(id, secrets, fd));
    }
    // Asked before the program can end, because the daemon forgets operations soon after.
    LxdConnection.Pending end = api.beginWait(id);
    if (execution.io() instanceof Execution.Terminal terminal) {
      // The program is started when its sockets are there.
      terminal.joined().run();
    }
    LxdConnection.Upgraded upgraded =
        api.connection().upgrade(targets, target(id, secrets, "control"));
    List<WebSocket> sockets = upgraded.required();
    ExecSession session = new ExecSession(name, api, end, upgraded, ended::add);
    switch (execution.io()) {
      case Execution.Streams streams -> {
        session.deliver(sockets.get(1), streams.stdout());
        session.deliver(sockets.get(2), streams.stderr());
        InputStream stdin = streams.stdin();
        session.feed(stdin == null ? InputStream.nullInputStream() : stdin, sockets.getFirst());
      }
      case Execution.Terminal terminal -> {
        session.deliver(sockets.getFirst(), terminal.output());
        session.feed(terminal.input(), sockets.getFirst());
        session.follow(terminal);
      }
    }
    return session;
  }

  private void closeEnded() {
    for (WebSocket socket = ended.poll(); socket != null; socket = ended.poll()) {
      Sockets.closeQuietly(socket);
    }
  }

  private static String target(String operation, JsonNode secrets, String fd) {
    String secret = LxdApi.encode(secrets.path(fd).asText());
    return "/1.0/operations/" + LxdApi.encode(operation) + "/websocket?secret=" + secret;
  }

  private static List<String> fds(Execution.Io io) {
    return switch (io) {
      case Execution.Streams streams -> List.of("0", "1", "2");
      case Execution.Terminal terminal -> List.of("0");
    };
  }

  private static Failure refused(String name, LxdError error) {
    if (error.missing()) {
      return Instances.missing(name);
    }
    if (error.notRunning() || error.says("is frozen")) {
      return Failure.of(
              FailureCode.CONTAINER_NOT_RUNNING, "The container " + name + " is not running")
          .causedBy(error);
    }
    return error.failure("A program could not be run in the container " + name);
  }

  /** The exit status behind an operation that failed because there was no program to run. */
  static int statusOf(String name, LxdError error) {
    if (error.says("command not found") || error.missing()) {
      return 127;
    }
    if (error.says("not executable")) {
      return 126;
    }
    throw error.failure("A program could not be run in the container " + name);
  }
}
