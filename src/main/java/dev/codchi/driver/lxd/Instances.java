package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.Container;
import dev.codchi.driver.Container.State;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The daemon's instances as codchi's containers: listing and creating ("Instances"). */
final class Instances {
  /** How often another address is tried when somebody else took the chosen one meanwhile. */
  private static final int ADDRESS_ATTEMPTS = 5;

  private final LxdApi api;
  private final Placement placement;
  private final Images images;

  Instances(LxdApi api, Placement placement, Images images) {
    this.api = api;
    this.placement = placement;
    this.images = images;
  }

  List<Container> list(String prefix) {
    List<Container> found = new ArrayList<>();
    for (JsonNode instance : api.get("/1.0/instances?recursion=1", Wanted.CONTAINERS)) {
      if (instance.path("name").asText().startsWith(prefix)) {
        found.add(container(instance));
      }
    }
    found.sort(Comparator.comparing(Container::name));
    return found;
  }

  /** The daemon adds each instance's state to the list when it is asked for it. */
  Map<String, Long> diskUsage(String prefix) {
    Map<String, Long> used = new TreeMap<>();
    for (JsonNode instance : api.get("/1.0/instances?recursion=2")) {
      String name = instance.path("name").asText();
      // Zero or nothing where the pool cannot tell: a container has at least some directories.
      long bytes = instance.path("state").path("disk").path("root").path("usage").asLong();
      if (name.startsWith(prefix) && bytes > 0) {
        used.put(name, bytes);
      }
    }
    return used;
  }

  Optional<Container> find(String name) {
    try {
      return Optional.of(container(api.get(LxdApi.instance(name, ""))));
    } catch (LxdError error) {
      if (error.missing()) {
        return Optional.empty();
      }
      throw error.failure("The container " + name + " could not be looked up");
    }
  }

  /** Creates a container, its image and its address included. */
  void create(ContainerSpec spec, Server server) {
    ImageArchive image = ImageArchive.of(spec.image(), server.architecture());
    String pool = placement.pool();
    Bridge bridge = placement.bridge();
    images.ensure(image);
    Set<String> lost = new HashSet<>();
    for (int attempt = 1; ; attempt++) {
      Optional<String> address = address(spec, bridge, lost);
      ObjectNode body = InstanceRequest.of(spec, image.fingerprint(), pool, bridge, address);
      try {
        api.make(body);
        return;
      } catch (LxdError error) {
        boolean addressTaken = address.isPresent() && error.says(address.get());
        if (!addressTaken || attempt == ADDRESS_ATTEMPTS) {
          throw refused(spec.name(), "created", error);
        }
        lost.add(address.get());
      }
    }
  }

  private Optional<String> address(ContainerSpec spec, Bridge bridge, Set<String> lost) {
    if (spec.network() != ContainerSpec.Network.PRECONFIGURED) {
      return Optional.empty();
    }
    Subnet subnet =
        bridge
            .subnet()
            .orElseThrow(() ->
                Failure.of(
                        FailureCode.LXD_NO_NETWORK,
                        "The bridge " + bridge.name() + " has no IPv4 address")
                    .because("The container " + spec.name() + " needs one of its own")
                    .next(
                        "Give the bridge an ipv4.address, or name another one in the setting"
                            + " lxd.network."));
    Set<String> taken = new HashSet<>(lost);
    taken.addAll(placement.taken(bridge));
    return Optional.of(
        subnet
            .free(taken)
            .orElseThrow(() ->
                Failure.of(
                        FailureCode.LXD_NO_NETWORK,
                        "The bridge " + bridge.name() + " has no free address")
                    .because(taken.size() + " addresses are in use or reserved")
                    .next("Remove unused containers, or give the bridge a larger subnet.")));
  }

  /**
   * What a refusal to make an instance means.
   *
   * @param done in one word, what could not be done
   */
  static Failure refused(String name, String done, LxdError error) {
    // The last one is what Incus 6.0 says: its database notices first.
    if (error.says("already exists")
        || error.says("already in use")
        || error.says("UNIQUE constraint failed: instances")) {
      return Failure.of(FailureCode.CONTAINER_EXISTS, "There is already a container " + name)
          .because(error.text())
          .causedBy(error);
    }
    return error.failure("The container " + name + " could not be " + done);
  }

  static Failure missing(String name) {
    return Failure.of(FailureCode.CONTAINER_MISSING, "There is no container " + name);
  }

  private static Container container(JsonNode instance) {
    Map<String, String> labels = new HashMap<>();
    instance
        .path("config")
        .properties()
        .forEach(entry -> {
          if (entry.getKey().startsWith(InstanceRequest.LABEL)) {
            labels.put(
                entry.getKey().substring(InstanceRequest.LABEL.length()),
                entry.getValue().asText());
          }
        });
    State state =
        switch (instance.path("status").asText()) {
          case "Running", "Ready" -> State.RUNNING;
          case "Stopped" -> State.STOPPED;
          case "Frozen" -> State.FROZEN;
          default -> State.OTHER;
        };
    return new Container(instance.path("name").asText(), state, labels);
  }
}
