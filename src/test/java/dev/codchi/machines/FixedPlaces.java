package dev.codchi.machines;

/** The store's view that tests use: the host's directories appear below {@code /host}. */
record FixedPlaces(boolean git) implements NixPlaces {
  @Override
  public String machineHome() {
    return "/data/machine/web";
  }

  @Override
  public String hostDirectory(String absolutePath) {
    return "/host" + absolutePath;
  }

  @Override
  public boolean isGit(String absolutePath) {
    return git;
  }

  @Override
  public boolean isShallow(String path) {
    return path.startsWith("shallow");
  }
}
