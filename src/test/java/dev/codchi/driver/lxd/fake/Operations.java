package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The fake daemon's operations. */
final class Operations {
  private final Map<String, CompletableFuture<ObjectNode>> all = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

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
    return end.join();
  }
}
