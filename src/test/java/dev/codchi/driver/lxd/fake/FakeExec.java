package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A program that the fake daemon runs: a process of this computer, joined to four WebSockets. */
final class FakeExec {
  private static final Logger LOG = Logger.getLogger(FakeExec.class);
  private static final JsonMapper JSON = new JsonMapper();

  private final FakeInstance instance;
  private final JsonNode request;
  private final Operations.Begun operation;
  private final boolean interactive;
  private final Map<String, ServerSocketSide> sockets = new ConcurrentHashMap<>();
  private final CountDownLatch connected;
  private volatile @Nullable Process process;

  FakeExec(FakeInstance instance, JsonNode request, Operations.Begun operation) {
    this.instance = instance;
    this.request = request;
    this.operation = operation;
    this.interactive = request.path("interactive").asBoolean();
    this.connected = new CountDownLatch(interactive ? 2 : 3);
  }

  /** What is told in answer to the request. */
  ObjectNode metadata() {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    ObjectNode fds = metadata.putObject("fds");
    for (String fd : interactive ? List.of("0", "control") : List.of("0", "1", "2", "control")) {
      fds.put(fd, "secret-" + fd);
    }
    return metadata;
  }

  void connect(Wire wire, Wire.Request request) throws IOException {
    String fd = request.parameter("secret").substring("secret-".length());
    sockets.put(fd, ServerSocketSide.accept(wire, request));
    if (interactive || !fd.equals("control")) {
      connected.countDown();
    }
    if (fd.equals("control")) {
      Thread.ofVirtual().start(this::control);
    }
  }

  /** Runs the program to its end; on a thread of its own. */
  void run() {
    try {
      connected.await();
      int status = execute();
      for (ServerSocketSide socket : sockets.values()) {
        socket.close();
      }
      operation.succeed(JsonNodeFactory.instance.objectNode().put("return", status));
    } catch (IOException broken) {
      operation.fail(400, broken.toString());
    } catch (InterruptedException stopped) {
      operation.fail(401, "Cancelled");
    }
  }

  private int execute() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    request.path("command").forEach(each -> command.add(each.asText()));
    Path program = find(command.getFirst());
    if (program == null) {
      return 127;
    }
    if (Files.isDirectory(program) || !Files.isExecutable(program)) {
      return 126;
    }
    command.set(0, program.toString());
    if (interactive) {
      // A terminal for the process, from util-linux; its size is set by the program's own shell.
      String size = "stty cols " + request.path("width") + " rows " + request.path("height");
      String quoted = String.join(" ", command.stream().map(FakeExec::quote).toList());
      command.clear();
      command.addAll(List.of("script", "-qefc", size + "; exec " + quoted, "/dev/null"));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(instance.resolve(request.path("cwd").asText("/")).toFile());
    builder.environment().clear();
    builder.environment().put("PATH", interactive ? "/usr/bin:/bin" : insidePath());
    for (Map.Entry<String, JsonNode> each : request.path("environment").properties()) {
      if (!each.getKey().equals("PATH")) {
        builder.environment().put(each.getKey(), each.getValue().asText());
      }
    }
    Process started = builder.start();
    process = started;
    Thread.ofVirtual().start(() -> feed(started.getOutputStream()));
    if (interactive) {
      copy(started.getInputStream(), "0");
    } else {
      Thread errors = Thread.ofVirtual().start(() -> copy(started.getErrorStream(), "2"));
      copy(started.getInputStream(), "1");
      errors.join();
    }
    return started.waitFor();
  }

  private String insidePath() throws IOException {
    List<String> directories = new ArrayList<>();
    for (String each : request.path("environment").path("PATH").asText("/bin").split(":", -1)) {
      directories.add(instance.resolve(each).toString());
    }
    return String.join(":", directories);
  }

  private @Nullable Path find(String name) throws IOException {
    if (name.contains("/")) {
      Path path = instance.resolve(name);
      return Files.exists(path) ? path : null;
    }
    for (String directory : insidePath().split(":", -1)) {
      Path path = Path.of(directory, name);
      if (Files.exists(path)) {
        return path;
      }
    }
    return null;
  }

  private void feed(OutputStream input) {
    try (input) {
      ServerSocketSide socket = socket("0");
      for (var message = socket.next();
          message != null && message.kind() == 2;
          message = socket.next()) {
        input.write(message.payload());
        input.flush();
      }
    } catch (IOException ended) {
      LOG.debug("the program has closed its input", ended);
    }
  }

  private void copy(InputStream output, String fd) {
    try {
      ServerSocketSide socket = socket(fd);
      byte[] buffer = new byte[32 * 1024];
      for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
        socket.send(2, buffer, count);
      }
      socket.end();
    } catch (IOException gone) {
      Process running = process;
      if (running != null) {
        running.destroyForcibly();
      }
    }
  }

  private void control() {
    try {
      ServerSocketSide socket = socket("control");
      for (var message = socket.next(); message != null; message = socket.next()) {
        JsonNode order = JSON.readTree(message.payload());
        Process running = process;
        if (order.path("command").asText().equals("signal") && running != null) {
          new ProcessBuilder("kill", "-" + order.path("signal"), Long.toString(running.pid()))
              .start();
        }
      }
      Process running = process;
      if (running != null) {
        running.destroyForcibly(); // a closed control socket ends the program
      }
    } catch (IOException gone) {
      Process running = process;
      if (running != null) {
        running.destroyForcibly();
      }
    }
  }

  private ServerSocketSide socket(String fd) {
    return Objects.requireNonNull(sockets.get(fd));
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
