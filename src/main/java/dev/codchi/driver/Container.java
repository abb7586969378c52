package dev.codchi.driver;

import java.util.Map;

/**
 * What the backend knows of a container, from one call.
 *
 * @param name the backend's name of it
 * @param state what it is doing
 * @param labels codchi's own notes on it (without the backend's prefix)
 */
public record Container(String name, State state, Map<String, String> labels) {
  /** What a container is doing. */
  public enum State {
    RUNNING,
    STOPPED,
    FROZEN,
    /** In the middle of a change, or in a state that the backend calls an error. */
    OTHER
  }

  public Container {
    labels = Map.copyOf(labels);
  }

  /** Whether programs can be run in it now. */
  public boolean running() {
    return state == State.RUNNING;
  }
}
