package dev.codchi.config;

import java.nio.file.Path;

/**
 * Where codchi keeps things on the host. Nothing is created by asking.
 *
 * @param config definitions of machines, seen as {@code /config} in the store
 * @param data the nix store, homes and logs, seen as {@code /data} in the store
 */
public record Directories(Path config, Path data) {
  /** The user's settings file. */
  public Path settingsFile() {
    return config.resolve("config.toml");
  }

  /** All machines' definitions. */
  public Path machines() {
    return config.resolve("machine");
  }

  /** One machine's definition: {@code machine.json}, {@code flake.nix}, {@code flake.lock}. */
  public Path machine(String name) {
    return machines().resolve(name);
  }

  /** One machine's home directory. */
  public Path home(String name) {
    return data.resolve("machine").resolve(name);
  }

  /** What is seen as {@code /nix} in the store. */
  public Path nix() {
    return data.resolve("nix");
  }

  /** The profiles of one machine, seen as {@code /nix/var/nix/profiles} in it. */
  public Path profiles(String name) {
    return nix().resolve("var/nix/profiles/per-machine").resolve(name);
  }

  /** Logs of the store, the machines and codchi itself. */
  public Path logs() {
    return data.resolve("log");
  }

  /** What menus and autostart call; its path never changes. */
  public Path launcher() {
    return data.resolve("bin/codchi");
  }

  /** Pictures of programs in the host's menus. */
  public Path icons() {
    return data.resolve("icons");
  }

  /** Notes on machines that are up. */
  public Path up() {
    return data.resolve("up");
  }

  /** Unfinished operations. */
  public Path journal() {
    return data.resolve("journal");
  }

  /** Lock files. */
  public Path locks() {
    return data.resolve("lock");
  }
}
