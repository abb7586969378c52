package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Which request does what in the fake daemon. */
final class Router {
  private static final JsonMapper JSON = new JsonMapper();

  private final FakeState state;
  private final Operations operations = new Operations();
  private final Map<String, FakeExec> programs = new ConcurrentHashMap<>();

  Router(FakeState state) {
    this.state = state;
  }

  Operations operations() {
    return operations;
  }

  /** Something that takes time and may fail. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, Refusal, InterruptedException;
  }

  void connect(Wire.Request request, Wire wire) throws IOException {
    String id = request.path().split("/", -1)[3];
    Objects.requireNonNull(programs.get(id)).connect(wire, request);
  }

  void answer(Wire.Request request, Wire wire) throws IOException, Refusal {
    String[] parts = request.path().split("/", -1);
    String kind = parts.length > 2 ? parts[2] : "";
    String name = parts.length > 3 ? parts[3] : "";
    switch (kind) {
      case "" -> sync(wire, state.server, "");
      case "profiles" -> sync(wire, state.defaultProfile, "");
      case "storage-pools" -> {
        ArrayNode pools = JsonNodeFactory.instance.arrayNode();
        state.pools.forEach(pool -> pools.addObject().put("name", pool));
        sync(wire, pools, "");
      }
      case "networks" -> {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        if (name.isEmpty()) {
          all.addAll(state.networks);
        } else {
          state.instances.values().forEach(each -> leases(each, all));
        }
        sync(wire, all, "");
      }
      case "images" -> images(request, wire, name);
      case "operations" ->
          sync(wire, name.isEmpty() ? operations.running() : operations.await(name), "");
      case "instances" -> {
        if (name.isEmpty()) {
          instances(request, wire);
        } else {
          String rest = request.path().substring("/1.0/instances/".length() + name.length());
          instance(request, wire, state.instance(name), rest);
        }
      }
      default -> throw new Refusal(404, "not found");
    }
  }

  private static void leases(FakeInstance instance, ArrayNode all) {
    String address = instance.describe().path("devices").path("eth0").path("ipv4.address").asText();
    if (!address.isEmpty()) {
      all.addObject().put("address", address).put("type", "static");
    }
  }

  private void images(Wire.Request request, Wire wire, String fingerprint)
      throws IOException, Refusal {
    switch (request.method()) {
      case "POST" -> work(wire, request, () -> state.addImage(request.body()));
      case "DELETE" -> work(wire, request, () -> state.images.remove(fingerprint));
      default -> {
        if (!state.images.containsKey(fingerprint)) {
          throw new Refusal(404, "Image not found");
        }
        sync(wire, object().put("fingerprint", fingerprint), "");
      }
    }
  }

  private void instances(Wire.Request request, Wire wire) throws IOException {
    if (request.method().equals("POST")) {
      JsonNode body = JSON.readTree(request.body());
      work(wire, request.path() + "/" + body.path("name").asText(), () -> state.create(body));
    } else {
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      for (FakeInstance each : state.instances.values()) {
        ObjectNode described = each.describe();
        if (request.parameter("recursion").equals("2")) {
          described
              .putObject("state")
              .putObject("disk")
              .putObject("root")
              .put("usage", each.ownBytes());
        }
        all.add(described);
      }
      sync(wire, all, "");
    }
  }

  private void instance(Wire.Request request, Wire wire, FakeInstance instance, String rest)
      throws IOException, Refusal {
    switch (request.method() + " " + rest) {
      case "GET " -> sync(wire, instance.describe(), instance.etag());
      case "PUT " -> {
        if (!request.header("If-Match").equals(instance.etag())) {
          throw new Refusal(412, "Precondition failed");
        }
        instance.update(JSON.readTree(request.body()));
        work(wire, request, () -> {});
      }
      case "POST " -> {
        String name = JSON.readTree(request.body()).path("name").asText();
        work(wire, request, () -> state.rename(instance, name));
      }
      case "DELETE " -> {
        if (instance.running()) {
          throw new Refusal(400, "Instance is running");
        }
        work(wire, request, () -> state.delete(instance.name()));
      }
      case "PUT /state" -> {
        JsonNode body = JSON.readTree(request.body());
        int seconds = body.path("timeout").asInt();
        switch (body.path("action").asText()) {
          case "start" -> work(wire, request, instance::start);
          case "freeze" -> work(wire, request, () -> instance.freeze(true));
          case "unfreeze" -> work(wire, request, () -> instance.freeze(false));
          default ->
              work(wire, request, () -> instance.stop(seconds, body.path("force").asBoolean()));
        }
      }
      case "GET /console" -> {
        if (!Files.exists(instance.consoleLog())) {
          throw new Refusal(500, "open console.log: no such file or directory");
        }
        raw(wire, Files.readAllBytes(instance.consoleLog()));
      }
      case "GET /logs/lxc.log" ->
          raw(wire, state.logs.getOrDefault(instance.name(), "").getBytes(StandardCharsets.UTF_8));
      case "POST /files" -> {
        FakeFiles.post(instance, request);
        sync(wire, object(), "");
      }
      case "GET /files", "HEAD /files" -> FakeFiles.get(instance, request, wire);
      case "DELETE /files" -> {
        FakeFiles.delete(instance, request);
        sync(wire, object(), "");
      }
      case "POST /exec" -> {
        if (!instance.running()) {
          throw new Refusal(400, "Instance is not running");
        }
        Operations.Begun operation = operations.begin();
        FakeExec program = new FakeExec(instance, JSON.readTree(request.body()), operation);
        programs.put(operation.id(), program);
        Thread.ofVirtual().start(program::run);
        async(wire, operation, program.metadata());
      }
      default -> throw new Refusal(404, "not found");
    }
  }

  private void work(Wire wire, Wire.Request request, Work work) throws IOException {
    work(wire, request.path().replace("/state", ""), work);
  }

  private void work(Wire wire, String concerned, Work work) throws IOException {
    Operations.Begun operation = operations.beginTask(concerned);
    async(wire, operation, object());
    operations.held().await();
    try {
      work.run();
      operation.succeed(object());
    } catch (Refusal refusal) {
      operation.fail(refusal.status(), refusal.text());
    } catch (IOException broken) {
      operation.fail(400, broken.toString());
    } catch (InterruptedException stopped) {
      operation.fail(401, "Cancelled");
    }
  }

  static void async(Wire wire, Operations.Begun operation, ObjectNode metadata) throws IOException {
    ObjectNode body =
        object().put("type", "async").put("operation", "/1.0/operations/" + operation.id());
    ObjectNode description = body.putObject("metadata");
    description.put("id", operation.id()).put("status_code", 103).set("metadata", metadata);
    json(wire, 202, body, "");
  }

  private static void sync(Wire wire, JsonNode metadata, String etag) throws IOException {
    ObjectNode body = object().put("type", "sync").put("status_code", 200);
    body.set("metadata", metadata);
    json(wire, 200, body, etag);
  }

  static void json(Wire wire, int status, JsonNode body, String etag) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    if (!etag.isEmpty()) {
      headers.put("ETag", etag);
    }
    wire.answer(status, headers, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void raw(Wire wire, byte[] content) throws IOException {
    wire.answer(200, Map.of("Content-Type", "application/octet-stream"), content);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
