package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container of the fake daemon: a directory and, while it runs, a process. Paths below its mounts
 * are paths of this computer; nothing is isolated.
 */
final class FakeInstance {
  private final ObjectNode description;
  private final Path root;
  private @Nullable Process init;
  private boolean frozen;

  FakeInstance(ObjectNode description, Path root) {
    this.description = description;
    this.root = root;
  }

  String name() {
    return description.path("name").asText();
  }

  synchronized boolean running() {
    Process process = init;
    return process != null && process.isAlive();
  }

  /** As the daemon describes it now. */
  synchronized ObjectNode describe() {
    return description
        .deepCopy()
        .put("status", frozen ? "Frozen" : running() ? "Running" : "Stopped")
        .put("status_code", frozen ? 110 : running() ? 103 : 102);
  }

  /** A version that changes with the description. */
  synchronized String etag() {
    return Integer.toHexString(description.hashCode());
  }

  synchronized void update(JsonNode body) {
    for (String property : List.of("config", "devices", "profiles", "description")) {
      description.set(property, body.path(property));
    }
  }

  /** What its own files take. */
  long ownBytes() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.mapToLong(each -> each.toFile().length()).sum();
    }
  }

  Path consoleLog() {
    return root.resolveSibling("console.log");
  }

  /** Where a path inside is on this computer, mounts and links followed one by one. */
  Path resolve(String inside) throws IOException {
    return resolve(inside, 0);
  }

  private Path resolve(String inside, int links) throws IOException {
    for (JsonNode device : description.path("devices")) {
      String target = device.path("path").asText();
      if (device.has("source") && (inside.equals(target) || inside.startsWith(target + "/"))) {
        return Path.of(device.path("source").asText() + inside.substring(target.length()));
      }
    }
    Path path = root.resolve(inside.substring(1));
    if (Files.isSymbolicLink(path) && links < 10) {
      return resolve(Files.readSymbolicLink(path).toString(), links + 1);
    }
    return path;
  }

  /** Where a path inside is, its last element not followed if it is a link. */
  Path locate(String inside) {
    return root.resolve(inside.substring(1));
  }

  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Runs {@code /sbin/init} until it ends. */
  synchronized void start() throws IOException, Refusal {
    if (running()) {
      throw new Refusal(400, "The instance is already running");
    }
    Path program = resolve("/sbin/init");
    if (!Files.isExecutable(program)) {
      throw new Refusal(400, "Failed to run: forkstart " + name() + ": exit status 1");
    }
    List<String> command = new ArrayList<>(interpreter(program));
    command.add(program.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    init =
        builder
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(consoleLog().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
  }

  /** A script's interpreter is a path inside. */
  List<String> interpreter(Path program) throws IOException {
    String content =
        new String(
            Files.newInputStream(program).readNBytes(256),
            java.nio.charset.StandardCharsets.ISO_8859_1);
    if (!content.startsWith("#!")) {
      return List.of();
    }
    return List.of(resolve(content.lines().findFirst().orElse("").substring(2).strip()).toString());
  }

  /** Halts init, or lets it go on. */
  synchronized void freeze(boolean on) throws IOException, InterruptedException, Refusal {
    Process process = init;
    if (process == null || !process.isAlive()) {
      throw new Refusal(400, "The instance isn't running");
    }
    String signal = on ? "-STOP" : "-CONT";
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    frozen = on;
  }

  /** Stops init as the daemon does: SIGPWR and patience, or SIGKILL. */
  void stop(int seconds, boolean force) throws IOException, InterruptedException, Refusal {
    Process process;
    synchronized (this) {
      process = init;
    }
    if (process == null || !process.isAlive()) {
      throw new Refusal(400, "The instance is already stopped");
    }
    if (force) {
      process.destroyForcibly().waitFor();
      return;
    }
    new ProcessBuilder("kill", "-PWR", Long.toString(process.pid())).start().waitFor();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new Refusal(
          400, "Failed shutting down instance, status is \"Running\": context deadline exceeded");
    }
  }
}
