package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.HostIdentity;
import dev.codchi.driver.Mount;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code POST /1.0/instances} for a container ("Instance configuration": {@code
 * raw.idmap}, {@code raw.lxc}, {@code security.*}, {@code user.*}; "Type: disk", "Type: nic").
 */
final class InstanceRequest {
  /** Where labels live among an instance's configuration keys. */
  static final String LABEL = "user.codchi.";

  private InstanceRequest() {}

  /**
   * @param fingerprint of the image that was made from the specification's root image
   * @param pool for the root file system
   * @param bridge for {@code eth0}
   * @param address for a preconfigured network: the container's address, free on the bridge
   */
  static ObjectNode of(
      ContainerSpec spec,
      String fingerprint,
      String pool,
      Bridge bridge,
      Optional<String> address) {
    ObjectNode body =
        LxdApi.object()
            .put("name", spec.name())
            .put("type", "container")
            .put("description", spec.image().description());
    // No profiles: what other containers get must not leak into codchi's.
    body.putArray("profiles");
    body.putObject("source").put("type", "image").put("fingerprint", fingerprint);
    ObjectNode config = body.putObject("config");
    config
        .put("raw.idmap", idmap(spec.person()))
        .put("security.idmap.isolated", Boolean.toString(spec.isolatedIds()))
        .put("security.nesting", "true");
    for (Map.Entry<String, String> label : spec.labels().entrySet()) {
      config.put(LABEL + label.getKey(), label.getValue());
    }
    ObjectNode devices = body.putObject("devices");
    devices.putObject("root").put("type", "disk").put("path", "/").put("pool", pool);
    ObjectNode nic = bridge.device();
    devices.set("eth0", nic);
    address.ifPresent(chosen -> preconfigure(chosen, bridge, config, nic));
    for (Mount mount : spec.mounts()) {
      devices.set(mount.name(), disk(mount));
    }
    return body;
  }

  /** A host directory as a device. */
  static ObjectNode disk(Mount mount) {
    ObjectNode disk =
        LxdApi.object()
            .put("type", "disk")
            .put("source", mount.source().toString())
            .put("path", mount.target());
    return mount.readOnly() ? disk.put("readonly", "true") : disk;
  }

  /**
   * Writes address and route where liblxc sets them up before init runs ({@code lxc.net.[i]} in
   * lxc.container.conf(5)), and reserves the address with the bridge's DHCP server.
   */
  private static void preconfigure(
      String address, Bridge bridge, ObjectNode config, ObjectNode nic) {
    Subnet subnet = bridge.subnet().orElseThrow();
    config.put(
        "raw.lxc",
        "lxc.net.0.ipv4.address = "
            + address
            + "/"
            + subnet.prefix()
            + "\nlxc.net.0.ipv4.gateway = "
            + subnet.gatewayAddress());
    if (bridge.managed() && bridge.dhcp()) {
      nic.put("ipv4.address", address);
    }
  }

  /** The person is {@code codchi:users} inside; all other ids stay unprivileged. */
  static String idmap(HostIdentity person) {
    return "uid "
        + person.uid()
        + " "
        + HostIdentity.INSIDE_UID
        + "\ngid "
        + person.gid()
        + " "
        + HostIdentity.INSIDE_GID;
  }
}
