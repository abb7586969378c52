package dev.codchi.machines;

import dev.codchi.driver.Container;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a machine without asking it.
 *
 * @param name its name
 * @param state what it is doing
 * @param generation number of its present generation; none when it was never built
 * @param modules names of its modules
 * @param busy what another codchi is doing with it, if anything
 */
public record MachineStatus(
    MachineName name,
    State state,
    Optional<Integer> generation,
    List<String> modules,
    Optional<String> busy) {
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
