package dev.codchi.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user has fixed about LXD or Incus; what is absent is found out.
 *
 * @param socket the daemon's unix socket
 * @param pool storage pool for containers
 * @param network bridge for containers
 */
public record LxdSettings(Optional<Path> socket, Optional<String> pool, Optional<String> network) {}
