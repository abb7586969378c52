package dev.codchi.driver;

/** Runs programs in containers. */
public interface Executor {
  /**
   * Starts a program without waiting for its end.
   *
   * @throws dev.codchi.failure.Failure {@code CONTAINER_NOT_RUNNING} when the container exists and
   *     does not run (known from the attempt itself, without a call before it), {@code
   *     CONTAINER_MISSING} when there is no such container
   */
  Running start(Execution execution);

  /** Runs a program and returns its exit status, as {@link Running#await()} does. */
  default int run(Execution execution) {
    return start(execution).await();
  }

  /** A program that runs in a container. */
  interface Running {
    /**
     * Sends a signal to the program; no effect when it has ended.
     *
     * @param number the signal's number on Linux, for example 15
     */
    void signal(int number);

    /**
     * Waits for the program's end; all its output has been delivered then.
     *
     * @return its exit status; 128 + n when signal n ended it; 127 when it was not found, 126 when
     *     it could not be executed
     */
    int await();
  }
}
