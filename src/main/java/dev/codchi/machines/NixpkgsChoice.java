package dev.codchi.machines;

/** Which nixpkgs a machine is built with, as people choose it. */
public enum NixpkgsChoice {
  /** The one of codchi's settings, shared by all machines. */
  LOCAL,
  /** The one that the module's flake has as its input. */
  REMOTE
}
