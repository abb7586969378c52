package dev.codchi.failure;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Steps that make good what a command began, once it failed or was interrupted.
 *
 * <p>They are taken by a thread of their own, which Ctrl-C does not reach. That the command's
 * thread is no longer interrupted when they begin would not be enough. Ctrl-C reaches every process
 * of the terminal's group: a child, nix for example, may end of it before codchi is told, and then
 * the interruption comes while the steps are taken. And {@code Thread.interrupt()} wakes a thread
 * first and closes the channel on which it waits after that, which may by then be that of the next
 * step.
 *
 * <p>A second interruption does reach the steps, for a person who will not wait; the journal then
 * has what is left.
 */
public final class Undo {
  private Undo() {}

  /** Takes the steps, and throws what they throw. An interruption before or meanwhile is kept. */
  public static void run(Runnable steps) {
    boolean interrupted = Thread.interrupted();
    FutureTask<Void> task = new FutureTask<>(steps, null);
    Thread undoing = Thread.ofPlatform().name("undo").start(task);
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          if (interrupted) {
            undoing.interrupt();
          }
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failed -> throw failed;
        case Error broken -> throw broken;
        case null, default -> throw new IllegalStateException(e);
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
