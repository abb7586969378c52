package dev.codchi.machines;

import java.util.List;
import java.util.Optional;

/**
 * What was read from a text.
 *
 * @param reference the reference, without credentials
 * @param module what followed '#', not yet checked
 * @param credentials what has to be kept as a secret
 * @param remarks what people should be told: guesses, parts left out; one sentence each
 */
public record ParsedReference(
    FlakeReference reference,
    Optional<String> module,
    Optional<Credentials> credentials,
    List<String> remarks) {
  /** Copies the list. */
  public ParsedReference {
    remarks = List.copyOf(remarks);
  }
}
