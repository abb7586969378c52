package dev.codchi.machines.capabilities;

import java.util.List;

/**
 * Something of the host that a machine may use. Implementations are found by injection: one class
 * for each, and its name among the values of the NixOS option {@code codchi.requiredCapabilities}.
 */
public interface Capability {
  /** Whether a person is asked before a machine gets it. */
  enum Consent {
    /** Harmless: every machine that wants it has it. */
    NOT_NEEDED,
    /** Asked for when a machine is made, also when its modules only can use it. */
    ASKED,
    /** Never offered by itself: the machine's modules require it, or a person allows it. */
    ON_REQUEST
  }

  /** Its name in {@code codchi.requiredCapabilities} and on the command line. */
  String name();

  /** What a machine can do with it, after "may": {@code "show windows on your desktop"}. */
  String purpose();

  /** Whether a person is asked. */
  Consent consent();

  /** Whether this host offers it now; also what {@code doctor} shows. Changes nothing. */
  Offer offer();

  /**
   * What a machine gets. Called when the machine starts, when {@link #state} differs from last
   * time, and when a person allows something; only where a person agreed. May make what only this
   * machine has (a cookie), and has to find it again when called anew. What the host does not offer
   * is left out.
   */
  List<Attachment> attach(MachineSide machine);

  /**
   * A short text that differs when {@link #attach} would give something else. Asked before every
   * {@code exec}: it looks at variables and files, and neither starts a program nor talks to
   * anybody.
   *
   * @param machine whose files it may look at
   */
  String state(MachineSide machine);
}
