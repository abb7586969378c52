package dev.codchi.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a person may decide about LXD or Incus; everything left out is found automatically.
 *
 * @param socket the daemon's unix socket; when present no other place is tried
 * @param pool the storage pool for root file systems
 * @param network the bridge that containers are connected to
 */
public record LxdSettings(Optional<Path> socket, Optional<String> pool, Optional<String> network) {

  /** Nothing decided: socket, pool and network are found automatically. */
  public static LxdSettings automatic() {
    return new LxdSettings(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
