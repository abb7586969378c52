package dev.codchi.driver;

import dev.codchi.failure.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A program whose end is awaited on a thread of its own, while another one works with what it reads
 * or writes. Whoever waits at the other end of that is let go when the program ends, and also when
 * nobody knows any more whether it does, because the backend is gone.
 */
public final class FollowedProgram {
  private final CompletableFuture<Integer> status = new CompletableFuture<>();

  private FollowedProgram() {}

  /**
   * Follows a program from now on.
   *
   * @param release called once, at the end: lets go whoever waits
   */
  public static FollowedProgram follow(Executor.Running running, Closeable release) {
    FollowedProgram followed = new FollowedProgram();
    Thread.ofPlatform().daemon().start(() -> followed.awaitEnd(running, release));
    return followed;
  }

  private void awaitEnd(Executor.Running running, Closeable release) {
    int ended = 0;
    try {
      ended = running.await();
    } catch (RuntimeException | Error lost) {
      // Known before anybody is let go, who may ask for it then.
      status.completeExceptionally(lost);
    }
    try {
      release.close();
      status.complete(ended);
    } catch (IOException | RuntimeException broken) {
      status.completeExceptionally(broken);
    }
  }

  /**
   * To be asked by whoever was let go and found that something is missing.
   *
   * @throws Failure what made {@link Executor.Running#await} fail, if it did
   */
  public void requireNotLost() {
    if (status.isCompletedExceptionally()) {
      await();
    }
  }

  /**
   * Waits for the end.
   *
   * @return the exit status
   * @throws Failure what made {@link Executor.Running#await} fail; {@code INTERRUPTED}
   */
  public int await() {
    try {
      return status.get();
    } catch (ExecutionException failed) {
      throw switch (failed.getCause()) {
        case RuntimeException cause -> cause;
        case IOException cause -> new UncheckedIOException(cause);
        case null, default -> new IllegalStateException(failed.getCause());
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted(e);
    }
  }
}
