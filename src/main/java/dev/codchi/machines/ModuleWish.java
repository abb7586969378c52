package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import java.util.List;
import java.util.Optional;

/**
 * What a user asks for when a machine gets a module, or another one in the place of one.
 *
 * @param url anything that {@link FlakeReference#parse} reads; none: the repository stays
 * @param attributes the modules in the flake; empty for the only one, or the one called {@code
 *     default}
 * @param pin the state of the repository; none: what the address says
 * @param newName the module's name in the machine; none: derived from the repository
 * @param nixpkgs the nixpkgs of the machine from now on; none: as it is
 * @param auth a token for the repository's server; closed by who made it
 */
public record ModuleWish(
    Optional<String> url,
    List<String> attributes,
    Optional<Pin> pin,
    Optional<String> newName,
    Optional<NixpkgsChoice> nixpkgs,
    Optional<SecretValue> auth) {
  /**
   * Copies the list.
   *
   * @throws Failure {@code BAD_USAGE} for one name for several modules
   */
  public ModuleWish {
    attributes = List.copyOf(attributes);
    if (newName.isPresent() && attributes.size() > 1) {
      throw Failure.of(FailureCode.BAD_USAGE, "one name cannot be given to several modules")
          .next("Add them one at a time, each with its own --new-name.");
    }
  }

  /** Whether it asks for nothing at all. */
  boolean empty() {
    return url.isEmpty()
        && attributes.isEmpty()
        && pin.isEmpty()
        && newName.isEmpty()
        && nixpkgs.isEmpty()
        && auth.isEmpty();
  }
}
