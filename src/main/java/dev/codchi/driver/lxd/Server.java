package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The daemon behind the socket, from {@code GET /1.0}.
 *
 * @param backend {@code lxd} or {@code incus}
 * @param version its version
 * @param architecture the kernel's, as images name it
 * @param copyOnWrite whether every storage driver in use shares blocks between copies
 */
record Server(String backend, String version, String architecture, boolean copyOnWrite) {
  /** Storage drivers whose volumes share blocks ("Storage drivers", feature comparison). */
  private static final Set<String> SHARING = Set.of("btrfs", "zfs", "ceph", "lvm");

  /**
   * Reads and checks the daemon's description.
   *
   * @throws Failure {@code LXD_UNTRUSTED}, {@code LXD_TOO_OLD}
   */
  static Server check(JsonNode metadata) {
    JsonNode environment = metadata.path("environment");
    String backend = environment.path("server").asText("lxd");
    String version = environment.path("server_version").asText("of unknown version");
    if (!metadata.path("auth").asText().equals("trusted")) {
      throw Failure.of(FailureCode.LXD_UNTRUSTED, "The daemon does not trust this connection")
          .because("It answers 'auth: " + metadata.path("auth").asText() + "'");
    }
    Set<String> offered = new HashSet<>();
    metadata.path("api_extensions").forEach(each -> offered.add(each.asText()));
    List<String> absent =
        List.of(ApiExtension.values()).stream()
            .map(ApiExtension::word)
            .filter(word -> !offered.contains(word))
            .toList();
    if (!absent.isEmpty()) {
      throw Failure.of(
              FailureCode.LXD_TOO_OLD,
              "This " + backend + " (" + version + ") lacks what codchi needs")
          .because("Missing API extensions: " + String.join(", ", absent));
    }
    return new Server(
        backend,
        version,
        environment.path("kernel_architecture").asText("x86_64"),
        sharing(environment.path("storage").asText()));
  }

  /** {@code storage} lists the drivers in use, separated by " | ". */
  private static boolean sharing(String storage) {
    if (storage.isBlank()) {
      return false;
    }
    for (String driver : storage.split("\\|", -1)) {
      if (!SHARING.contains(driver.strip())) {
        return false;
      }
    }
    return true;
  }
}
