package dev.codchi.machines.secrets;

import java.util.List;

/**
 * What became of a new wrapping key.
 *
 * @param provider the word of the provider that keeps it
 * @param machines whose secrets it seals now; when empty there was nothing to do
 * @param left whose secrets another provider keeps, so that they stayed as they were
 */
public record Rekeyed(String provider, List<String> machines, List<String> left) {
  /** The lists are not to be changed. */
  public Rekeyed {
    machines = List.copyOf(machines);
    left = List.copyOf(left);
  }
}
