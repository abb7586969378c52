package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What a person types. It is read by a thread of its own, which is left behind when Ctrl-C comes: a
 * read from a terminal cannot be interrupted, a wait can.
 */
final class Typed {
  private Typed() {}

  /**
   * Reads.
   *
   * @return what the reader returns
   * @throws Failure {@code INTERRUPTED}; {@code NEEDS_ANSWER} when the reader fails
   */
  static <T extends @Nullable Object> T by(Callable<T> reader) {
    FutureTask<T> typed = new FutureTask<>(reader);
    Thread.ofPlatform().daemon().name("typed").start(typed);
    try {
      return typed.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw Failure.of(FailureCode.NEEDS_ANSWER, "cannot read from the terminal")
            .because(unreadable.toString())
            .causedBy(unreadable);
      }
      throw new IllegalStateException(e);
    }
  }
}
