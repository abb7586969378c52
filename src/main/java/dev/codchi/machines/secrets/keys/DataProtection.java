package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import java.util.Optional;

/**
 * An operating system's own way to seal a few bytes for the person who is signed in, with a key
 * that it keeps itself. What is sealed may be stored anywhere.
 */
public interface DataProtection {
  /**
   * Seals bytes.
   *
   * @param clear what is sealed; not changed, and no copy of it is left in memory
   * @param bound what {@link #open} must be given again; no secret
   * @throws Failure {@code KEYRING_ABSENT} with the operating system's reason
   */
  byte[] seal(byte[] clear, byte[] bound);

  /**
   * Opens what was sealed, to be wiped by the caller; empty when it was changed, bound to something
   * else, or sealed by another person or on another computer.
   */
  Optional<byte[]> open(byte[] sealed, byte[] bound);
}
