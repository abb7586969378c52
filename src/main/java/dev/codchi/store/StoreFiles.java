package dev.codchi.store;

import dev.codchi.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files of the nix store, read on the host: links in it name places below {@code /nix}, which is
 * elsewhere on the host.
 */
@ApplicationScoped
public class StoreFiles {
  private static final Path NIX = Path.of("/nix");
  private static final int MOST_LINKS = 40;

  private final Settings settings;

  StoreFiles(Settings settings) {
    this.settings = settings;
  }

  /**
   * The content of a file.
   *
   * @param path as the store sees it, below {@code /nix}
   * @return nothing when there is no such file
   */
  public Optional<byte[]> read(String path) {
    return locate(path)
        .flatMap(found -> {
          try {
            return Optional.of(Files.readAllBytes(found));
          } catch (IOException unreadable) {
            return Optional.empty();
          }
        });
  }

  /**
   * Where a path of the store is on the host, links followed one component at a time.
   *
   * @param path as the store sees it
   * @return nothing when there is no such file, or when it leads out of {@code /nix}
   */
  public Optional<Path> locate(String path) {
    Path wanted = Path.of(path).normalize();
    int links = 0;
    for (int depth = 1; depth <= wanted.getNameCount(); depth++) {
      Path part = wanted.getRoot().resolve(wanted.subpath(0, depth));
      if (!part.startsWith(NIX)) {
        return Optional.empty();
      }
      Path onHost = onHost(part);
      if (Files.isSymbolicLink(onHost)) {
        if (++links > MOST_LINKS) {
          return Optional.empty();
        }
        try {
          Path target = part.resolveSibling(Files.readSymbolicLink(onHost)).normalize();
          wanted =
              depth == wanted.getNameCount()
                  ? target
                  : target.resolve(wanted.subpath(depth, wanted.getNameCount()));
          depth = 0;
        } catch (IOException unreadable) {
          return Optional.empty();
        }
      }
    }
    Path found = onHost(wanted);
    return Files.exists(found) ? Optional.of(found) : Optional.empty();
  }

  private Path onHost(Path path) {
    return settings.directories().nix().resolve(NIX.relativize(path));
  }
}
