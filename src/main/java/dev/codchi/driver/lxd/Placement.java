package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.LxdSettings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the storage pool and the bridge for new containers: what the settings say, else what the
 * default profile uses, else what there is. Asks the daemon each time, because both may change.
 */
final class Placement {
  private final LxdApi api;
  private final LxdSettings settings;

  Placement(LxdApi api, LxdSettings settings) {
    this.api = api;
    this.settings = settings;
  }

  /**
   * The storage pool for root file systems.
   *
   * @throws Failure {@code LXD_NO_POOL}
   */
  String pool() {
    List<String> pools = new ArrayList<>();
    for (JsonNode each : api.get("/1.0/storage-pools?recursion=1")) {
      pools.add(each.path("name").asText());
    }
    if (settings.pool().isPresent()) {
      String wanted = settings.pool().get();
      if (pools.contains(wanted)) {
        return wanted;
      }
      throw Failure.of(FailureCode.LXD_NO_POOL, "There is no storage pool " + wanted)
          .because("The setting lxd.pool names it; " + there(pools))
          .next("Create it, or name another one in the setting lxd.pool.");
    }
    for (JsonNode device : defaultDevices()) {
      String pool = device.path("pool").asText();
      if (device.path("path").asText().equals("/") && pools.contains(pool)) {
        return pool;
      }
    }
    if (pools.size() == 1) {
      return pools.getFirst();
    }
    if (pools.contains("default")) {
      return "default";
    }
    if (pools.isEmpty()) {
      throw Failure.of(FailureCode.LXD_NO_POOL, "The daemon has no storage pool")
          .because("Root file systems of containers are kept in one");
    }
    throw Failure.of(FailureCode.LXD_NO_POOL, "The daemon has several storage pools")
        .because(there(pools) + ", and its default profile names none")
        .next("Name one in the setting lxd.pool.");
  }

  /**
   * The bridge for containers.
   *
   * @throws Failure {@code LXD_NO_NETWORK}
   */
  Bridge bridge() {
    JsonNode networks = api.get("/1.0/networks?recursion=1");
    if (settings.network().isPresent()) {
      String wanted = settings.network().get();
      return find(networks, wanted)
          .orElseThrow(() ->
              Failure.of(FailureCode.LXD_NO_NETWORK, "There is no bridge " + wanted)
                  .because("The setting lxd.network names it; " + there(bridges(networks)))
                  .next("Create it, or name another one in the setting lxd.network."));
    }
    for (JsonNode device : defaultDevices()) {
      if (device.path("type").asText().equals("nic")) {
        String name = device.path("network").asText(device.path("parent").asText());
        Optional<Bridge> bridge = find(networks, name);
        if (bridge.isPresent()) {
          return bridge.get();
        }
      }
    }
    return bridges(networks).stream()
        .sorted()
        .findFirst()
        .flatMap(name -> find(networks, name))
        .orElseThrow(() ->
            Failure.of(FailureCode.LXD_NO_NETWORK, "The daemon has no bridge")
                .because("Containers reach the network through one"));
  }

  /** Addresses on a managed bridge that are in use or reserved. */
  Set<String> taken(Bridge bridge) {
    Set<String> taken = new HashSet<>();
    for (JsonNode lease : api.get("/1.0/networks/" + LxdApi.encode(bridge.name()) + "/leases")) {
      taken.add(lease.path("address").asText());
    }
    return taken;
  }

  /** The bridge's own address where the daemon answers name queries there; else nothing. */
  List<String> nameservers() {
    Bridge bridge = bridge();
    return bridge.dns() ? bridge.subnet().map(Subnet::gatewayAddress).stream().toList() : List.of();
  }

  private JsonNode defaultDevices() {
    try {
      return api.get("/1.0/profiles/default").path("devices");
    } catch (LxdError error) {
      if (error.missing()) {
        return LxdApi.object();
      }
      throw error;
    }
  }

  private static Optional<Bridge> find(JsonNode networks, String name) {
    for (JsonNode network : networks) {
      if (network.path("name").asText().equals(name)
          && network.path("type").asText().equals("bridge")) {
        return Optional.of(Bridge.of(network));
      }
    }
    return Optional.empty();
  }

  private static List<String> bridges(JsonNode networks) {
    List<String> names = new ArrayList<>();
    for (JsonNode network : networks) {
      if (network.path("managed").asBoolean() && network.path("type").asText().equals("bridge")) {
        names.add(network.path("name").asText());
      }
    }
    return names;
  }

  private static String there(List<String> names) {
    return names.isEmpty() ? "there is none" : "there are " + String.join(", ", names);
  }
}
