package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Shows the store directories of the host that modules come from: they are mounted read-only when a
 * module needs them.
 */
@ApplicationScoped
class SourceDirectories {
  private final Store store;
  private final Containers containers;

  SourceDirectories(Store store, Containers containers) {
    this.store = store;
    this.containers = containers;
  }

  /**
   * Makes the host directories of a definition visible in the store, which must run. Idempotent.
   *
   * @throws Failure {@code BAD_REFERENCE} when one does not exist
   */
  void share(Iterable<FlakeReference> references) {
    for (FlakeReference reference : references) {
      if (reference instanceof FlakeReference.HostPath host) {
        Path directory = Path.of(host.path());
        if (!Files.isDirectory(directory)) {
          throw Failure.of(FailureCode.BAD_REFERENCE, "there is no directory " + directory);
        }
        Path repository = repository(directory);
        Path shared = repository == null ? directory : repository;
        String name =
            "host-" + Integer.toHexString(shared.toString().hashCode()).toLowerCase(Locale.ROOT);
        containers.attach(store.containerName(), new Mount(name, shared, "/host" + shared, true));
      }
    }
  }

  /** The git work tree that a directory is in. */
  static @Nullable Path repository(Path directory) {
    for (Path candidate = directory; candidate != null; candidate = candidate.getParent()) {
      if (Files.exists(candidate.resolve(".git"))) {
        return candidate;
      }
    }
    return null;
  }
}
