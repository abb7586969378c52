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
   * Takes back what {@link #attach} made outside of the machine's own files. Called when the
   * machine may not use it any more, and when the machine goes. Idempotent.
   *
   * @throws dev.codchi.failure.Failure where something stays behind
   */
  default void withdraw(MachineSide machine) {}

  /**
   * Whether a machine may use it for named servers only. Such a capability has nothing to give
   * without a list of them, and no setting allows it for all machines.
   */
  default boolean limitedToServers() {
    return false;
  }

  /**
   * The servers that a person named, checked and written in one way.
   *
   * @throws dev.codchi.failure.Failure {@code BAD_USAGE} for what is no server
   */
  default List<String> servers(List<String> named) {
    return List.copyOf(named);
  }

  /**
   * A short text that differs when {@link #attach} would give something else. Asked before every
   * {@code exec}: it looks at variables and files, and neither starts a program nor talks to
   * anybody.
   *
   * @param machine whose files it may look at
   */
  String state(MachineSide machine);
}
