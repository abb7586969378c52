package dev.codchi.failure;

import java.util.Arrays;
import java.util.List;

/**
 * Steps that make good what a command began, once it failed or was interrupted.
 *
 * <p>They are {@link Undisturbed}. Ctrl-C reaches every process of the terminal's group: a child,
 * nix for example, may end of it before codchi is told, and then the interruption comes while the
 * steps are taken. After a second one, the journal has what is left.
 */
public final class Undo {
  private Undo() {}

  /** Takes the steps after a failure, which keeps what goes wrong with them. */
  public static void after(RuntimeException failed, Runnable steps) {
    try {
      Undisturbed.run(steps);
    } catch (RuntimeException second) {
      failed.addSuppressed(new NotUndone(second));
    }
  }

  /** What went wrong with the steps after a failure, if anything did. */
  public static List<Throwable> wrongAfter(Throwable failed) {
    return Arrays.stream(failed.getSuppressed())
        .filter(NotUndone.class::isInstance)
        .map(Throwable::getCause)
        .toList();
  }

  /** Other exceptions may be suppressed, too, by whatever is closed on the way. */
  private static final class NotUndone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUndone(RuntimeException cause) {
      super("could not be undone", cause);
    }
  }
}
