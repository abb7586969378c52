package dev.codchi.failure;

/**
 * Steps that make good what a command began, once it failed or was interrupted.
 *
 * <p>Ctrl-C reaches every process of the terminal's group. Often a child, nix for example, ends of
 * it first, and the interruption reaches codchi's own thread only while it is undoing what the
 * child had begun. So the one interruption that there may be is held back until the steps are done,
 * and a step that it broke off is taken again. A second one ends the steps, for a person who will
 * not wait; the journal then has what is left.
 */
public final class Undo {
  private Undo() {}

  /**
   * Takes the steps.
   *
   * @param steps can be taken again when they were broken off
   */
  public static void run(Runnable steps) {
    boolean interrupted = Thread.interrupted();
    try {
      try {
        steps.run();
      } catch (RuntimeException brokenOff) {
        if (interrupted || !Thread.interrupted()) {
          throw brokenOff;
        }
        interrupted = true;
        steps.run();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes the steps after a failure, which keeps what goes wrong with them. */
  public static void after(RuntimeException failed, Runnable steps) {
    try {
      run(steps);
    } catch (RuntimeException second) {
      failed.addSuppressed(second);
    }
  }
}
