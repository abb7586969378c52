package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The fake daemon's operations. */
final class Operations {
  private final Map<String, CompletableFuture<ObjectNode>> all = new ConcurrentHashMap<>();
  private final Map<String, String> tasks = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile HeldWork held = HeldWork.released();

  /** Tasks are begun from now on, and not done before they are released. */
  HeldWork hold() {
    held = new HeldWork();
    return held;
  }

  HeldWork held() {
    return held;
  }

  /** Those that are not ended, as the daemon lists them. */
  ObjectNode running() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode running = all.putArray("running");
    tasks.forEach((id, path) -> {
      if (!Objects.requireNonNull(this.all.get(id)).isDone()) {
        ObjectNode one = running.addObject().put("id", id).put("class", "task");
        one.putObject("resources").putArray("instances").add(path);
      }
    });
    return all;
  }

  /** An operation on an instance, which is listed. */
  Begun beginTask(String path) {
    Begun begun = begin();
    tasks.put(begun.id(), path);
    return begun;
  }

  /** A begun operation. */
  record Begun(String id, CompletableFuture<ObjectNode> end) {
    /** Its end: the metadata of a success. */
    void succeed(ObjectNode metadata) {
      ObjectNode operation = JsonNodeFactory.instance.objectNode();
      operation.put("id", id).put("status", "Success").put("status_code", 200).put("err", "");
      operation.set("metadata", metadata);
      end.complete(operation);
    }

    void fail(int status, String text) {
      ObjectNode operation = JsonNodeFactory.instance.objectNode();
      operation.put("id", id).put("status", "Failure").put("status_code", status).put("err", text);
      end.complete(operation);
    }
  }

  Begun begin() {
    Begun begun = new Begun("op-" + count.incrementAndGet(), new CompletableFuture<>());
    all.put(begun.id(), begun.end());
    return begun;
  }

  /** Waits for an operation's end. */
  ObjectNode await(String id) throws Refusal {
    CompletableFuture<ObjectNode> end = all.get(id);
    if (end == null) {
      throw new Refusal(404, "Operation not found");
    }
    held.waits.release();
    return end.join();
  }
}
