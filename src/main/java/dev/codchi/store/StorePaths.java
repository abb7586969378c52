package dev.codchi.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All paths of the store, with their sizes and what they need; from {@code nix path-info --all
 * --json}. Paths are known by their last part, {@code HASH-NAME}.
 */
public final class StorePaths {
  /** What nix calls a store path, and what may be behind it. */
  private static final Pattern INSIDE =
      Pattern.compile("(/nix/store/[0-9a-z]{32}-[0-9A-Za-z+._?=-]+)(?:/.*)?", Pattern.DOTALL);

  private record Node(long bytes, List<String> needs) {}

  private final Map<String, Node> nodes;

  private StorePaths(Map<String, Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Reads nix's JSON. A path needs its references and, as nix keeps them by default ({@code
   * keep-derivations}), the derivation that made it.
   */
  public static StorePaths parse(String json) {
    Map<String, Node> nodes = new HashMap<>();
    try {
      JsonNode document = JsonText.MAPPER.readTree(json);
      // Newer versions of nix wrap the paths and name them without the store's directory.
      JsonNode paths = document.path("info").isObject() ? document.path("info") : document;
      for (Map.Entry<String, JsonNode> each : paths.properties()) {
        JsonNode info = each.getValue();
        if (info.isObject()) {
          List<String> needs = new ArrayList<>();
          info.path("references").forEach(one -> needs.add(name(one.asText())));
          if (info.path("deriver").isTextual()) {
            needs.add(name(info.path("deriver").asText()));
          }
          nodes.put(name(each.getKey()), new Node(info.path("narSize").asLong(), needs));
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.STORE_COLLECT, "nix did not say what is in the store")
          .because(e.toString())
          .causedBy(e);
    }
    return new StorePaths(nodes);
  }

  /** The last part of a store path, or of a path inside one. */
  static String name(String path) {
    String rest = path.startsWith("/nix/store/") ? path.substring("/nix/store/".length()) : path;
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  /**
   * The store path that a path is, or leads into, as nix takes the target of a link for a root;
   * nothing for any other text.
   */
  public static Optional<String> containing(String path) {
    Matcher inside = INSIDE.matcher(path);
    return inside.matches() ? Optional.of(inside.group(1)) : Optional.empty();
  }

  /** All of them. */
  public Set<String> names() {
    return Set.copyOf(nodes.keySet());
  }

  /** These paths with everything that they need; those that are not in the store are left out. */
  public Set<String> closure(Collection<String> paths) {
    Set<String> reached = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    paths.forEach(path -> open.add(name(path)));
    while (!open.isEmpty()) {
      String next = open.remove();
      Node node = nodes.get(next);
      if (node != null && reached.add(next)) {
        open.addAll(node.needs());
      }
    }
    return reached;
  }

  /** What paths take together, unpacked, in bytes. */
  public long bytes(Collection<String> names) {
    long sum = 0;
    for (String name : names) {
      Node node = nodes.get(name);
      sum += node == null ? 0 : node.bytes();
    }
    return sum;
  }
}
