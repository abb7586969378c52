package dev.codchi.machines.capabilities;

/** Asks a person whether a machine may use something of the host. */
public interface ConsentPrompt {
  /** Whether there is somebody to ask, or an answer to all questions was given beforehand. */
  boolean isAnswered();

  /** Asks whether the machine may use the capability. */
  boolean allows(String machine, Capability capability);
}
