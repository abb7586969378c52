package dev.codchi.machines;

import dev.codchi.driver.Container;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a machine without asking it.
 *
 * @param name its name
 * @param state what it is doing
 * @param system how its system stands to its definition
 * @param generation number of its present generation; none when it was never built
 * @param updatesLookedFor when somebody last looked for updates of what it was built from; none
 *     when nobody did
 * @param modules names of its modules
 * @param busy what another codchi is doing with it, if anything
 */
public record MachineStatus(
    MachineName name,
    State state,
    System system,
    Optional<Integer> generation,
    Optional<Instant> updatesLookedFor,
    List<String> modules,
    Optional<String> busy) {
  /** How a machine's system stands to what the machine is defined to be. */
  public enum System {
    /** It was never built. */
    NOT_INSTALLED,
    /** The definition, codchi or its settings have changed since, or it was rolled back. */
    MODIFIED,
    /** There was something newer when somebody last looked. */
    UPDATES_AVAILABLE,
    /** It is what the definition says, with files that may have changed since. */
    WORKING_COPY,
    /** It is what the definition says. */
    UP_TO_DATE,
    /** The definition cannot be read. */
    UNKNOWN;

    /** For people and programs. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  /** What a machine is doing. */
  public enum State {
    RUNNING,
    STOPPED,
    /**
     * Its container is in the middle of a change, or in a state that the backend calls an error.
     */
    CHANGING,
    /** It has a definition, but no container. */
    BROKEN;

    static State of(Optional<Container> container) {
      return container
          .map(found ->
              switch (found.state()) {
                case RUNNING, FROZEN -> RUNNING;
                case STOPPED -> STOPPED;
                case OTHER -> CHANGING;
              })
          .orElse(BROKEN);
    }
  }

  public MachineStatus {
    modules = List.copyOf(modules);
  }
}
