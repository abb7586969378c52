package dev.codchi.store;

import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Nix's garbage collector, run for all machines together. */
@ApplicationScoped
public class StoreCollector {
  private final Nix nix;

  StoreCollector(Nix nix) {
    this.nix = nix;
  }

  /** Starts the store if need be. Idempotent. */
  public void prepare(Progress progress) {
    nix.prepare(progress);
  }

  /** What is in the store now. */
  public StorePaths paths(Progress progress) {
    return StorePaths.parse(nix.runAsRoot(List.of("path-info", "--all", "--json"), progress));
  }

  /**
   * Removes what no root keeps. Roots that nix cannot see must have been refreshed before.
   *
   * @throws dev.codchi.failure.Failure {@code NIX_*}
   */
  public void collect(Progress progress) {
    // Not through the daemon, whose view of the collector's directory is read-only.
    nix.runAsRoot(
        List.of("store", "gc", "--store", "local?state=" + StoreRoots.WRITABLE_STATE), progress);
  }
}
