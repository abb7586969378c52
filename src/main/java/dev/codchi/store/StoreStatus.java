package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.DriverFeatures;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;

/** Tells what the store is doing, without starting it. */
@ApplicationScoped
public class StoreStatus {
  /**
   * The store as it is.
   *
   * @param state the container's state, or {@code absent}
   * @param container the backend's name of it
   * @param backend the backend's name and version
   * @param nix store path of nix, or {@code -} before the first use
   * @param data the data directory on the host
   */
  public record Report(String state, String container, String backend, String nix, String data) {}

  private final Settings settings;
  private final Store store;
  private final Containers containers;

  StoreStatus(Settings settings, Store store, Containers containers) {
    this.settings = settings;
    this.store = store;
    this.containers = containers;
  }

  /** Reads it. */
  public Report read() {
    DriverFeatures features = containers.features();
    return new Report(
        store.status().map(found -> found.state().name().toLowerCase(Locale.ROOT)).orElse("absent"),
        store.containerName(),
        features.backend() + " " + features.version(),
        StoreRelease.unpacked(settings.directories().nix()).map(StoreRelease::nix).orElse("-"),
        settings.directories().data().toString());
  }
}
