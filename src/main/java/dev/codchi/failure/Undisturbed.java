package dev.codchi.failure;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Steps that Ctrl-C does not break off, because nobody could tell afterwards how far they came.
 *
 * <p>They are taken by a thread of their own, which Ctrl-C does not reach. That the command's
 * thread is not interrupted when they begin would not be enough: {@code Thread.interrupt()} wakes a
 * thread first and closes the channel on which it waits after that, which may by then be that of
 * the next step.
 *
 * <p>A second interruption does reach the steps, for a person who will not wait.
 */
public final class Undisturbed {
  private Undisturbed() {}

  /** Takes the steps, and throws what they throw. An interruption before or meanwhile is kept. */
  public static void run(Runnable steps) {
    call(() -> {
      steps.run();
      return true;
    });
  }

  /**
   * Like {@link #run}, for steps with a result.
   *
   * @return what the steps return
   */
  public static <T> T call(Supplier<T> steps) {
    boolean interrupted = Thread.interrupted();
    FutureTask<T> task = new FutureTask<>(steps::get);
    Thread undisturbed = Thread.ofPlatform().name("undisturbed").start(task);
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          if (interrupted) {
            undisturbed.interrupt();
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
}
