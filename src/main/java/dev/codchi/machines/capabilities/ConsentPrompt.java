package dev.codchi.machines.capabilities;

import java.util.List;

/** Asks a person whether a machine may use something of the host. */
public interface ConsentPrompt {
  /** Whether there is somebody to ask, or an answer to all questions was given beforehand. */
  boolean isAnswered();

  /**
   * Asks whether the machine may use the capability.
   *
   * @param servers for which; empty where it is not limited to servers
   */
  boolean allows(String machine, Capability capability, List<String> servers);
}
