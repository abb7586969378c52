package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The bridge that containers are connected to.
 *
 * @param name its name
 * @param managed whether the daemon manages it, and with it DHCP and DNS
 * @param subnet its IPv4 subnet, where the daemon knows it
 * @param dhcp whether the daemon's DHCP server answers on it for IPv4
 * @param dns whether the daemon's name server answers at its address
 */
record Bridge(String name, boolean managed, Optional<Subnet> subnet, boolean dhcp, boolean dns) {
  /**
   * From the daemon's description of a network ("Bridge network", configuration options: {@code
   * ipv4.address}, {@code ipv4.dhcp}, {@code ipv4.dhcp.ranges}, {@code dns.mode}).
   */
  static Bridge of(JsonNode network) {
    JsonNode config = network.path("config");
    Optional<Subnet> subnet =
        Subnet.of(config.path("ipv4.address").asText(), config.path("ipv4.dhcp.ranges").asText());
    return new Bridge(
        network.path("name").asText(),
        network.path("managed").asBoolean(),
        subnet,
        !config.path("ipv4.dhcp").asText().equals("false"),
        // The mode none registers no names of containers; the server forwards all the same.
        network.path("managed").asBoolean());
  }

  /** The network device that connects a container to it, as {@code eth0}. */
  ObjectNode device() {
    ObjectNode nic = LxdApi.object().put("type", "nic").put("name", "eth0");
    return managed ? nic.put("network", name) : nic.put("nictype", "bridged").put("parent", name);
  }
}
