package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.machines.secrets.SecretValue;

/** Where a passphrase comes from: a person at a terminal, or a file that a service manager made. */
@FunctionalInterface
public interface PassphraseSource {
  /**
   * The passphrase for a machine's secrets.
   *
   * @param machine whose secrets it is for
   * @param fresh whether it is new; a person is then asked for it twice
   * @return the passphrase, not empty, to be closed by the caller
   * @throws Failure {@code NEEDS_ANSWER} when nobody can be asked
   */
  SecretValue passphrase(String machine, boolean fresh);
}
