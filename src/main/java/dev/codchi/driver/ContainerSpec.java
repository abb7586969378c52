package dev.codchi.driver;

import java.util.List;
import java.util.Map;

/**
 * A container to be created.
 *
 * @param name the backend's name for it: letters, digits, '-', at most 63
 * @param image what its root file system starts as
 * @param person who is mapped to {@code codchi:users} inside
 * @param isolatedIds whether its other ids are a range of its own, shared with no other container
 * @param mounts host directories, in the order in which they are mounted
 * @param labels codchi's own notes on it
 * @param network how it reaches the network
 */
public record ContainerSpec(
    String name,
    RootImage image,
    HostIdentity person,
    boolean isolatedIds,
    List<Mount> mounts,
    Map<String, String> labels,
    Network network) {
  public ContainerSpec {
    mounts = List.copyOf(mounts);
    labels = Map.copyOf(labels);
  }

  /** How a container reaches the network. */
  public enum Network {
    /** The system inside asks for an address (DHCP). */
    DYNAMIC,
    /** The backend configures address and route itself, because nothing inside could ask. */
    PRECONFIGURED
  }
}
