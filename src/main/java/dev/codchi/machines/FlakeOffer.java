package dev.codchi.machines;

import java.util.List;

/**
 * What a flake has for a machine.
 *
 * @param modules its modules
 * @param nixpkgs whether it has an input {@code nixpkgs} that a machine can follow
 */
record FlakeOffer(List<ModuleAttribute> modules, boolean nixpkgs) {
  FlakeOffer {
    modules = List.copyOf(modules);
  }
}
