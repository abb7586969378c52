package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;

/** A person who can be asked for the values of secrets; the command line implements it. */
public interface SecretPrompt {
  /** Whether there is anybody to ask. */
  boolean isAnswered();

  /**
   * Asks for a value, showing what it is for.
   *
   * @param machine whose secret it is
   * @return the value, to be closed by the caller
   * @throws Failure {@code REFUSED_BY_USER} when the person gives none
   */
  SecretValue ask(String machine, SecretDeclaration declaration);
}
