package dev.codchi.machines;

/** Where the store sees the directories that a reference can mean. */
public interface NixPlaces {
  /** The machine's home directory, absolute, for example {@code /data/machine/NAME}. */
  String machineHome();

  /**
   * Where the store sees a directory of the host (for example its copy).
   *
   * @param absolutePath absolute and normalised, on the host
   * @return absolute path in the store
   */
  String hostDirectory(String absolutePath);

  /** Whether that directory of the host is in a git work tree, so that nix reads it through git. */
  boolean isGit(String absolutePath);

  /**
   * Whether a repository in the machine's home lacks a part of its history, which nix wants to be
   * told.
   *
   * @param path relative to the home
   */
  default boolean isShallow(String path) {
    return false;
  }
}
