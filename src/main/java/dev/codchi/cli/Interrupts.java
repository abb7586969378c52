package dev.codchi.cli;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.IntConsumer;
import sun.misc.Signal;

/**
 * Ctrl-C and its relatives. By default the running command is interrupted, so that it undoes what
 * it began; a command that runs a program passes the signal on instead.
 */
@ApplicationScoped
public class Interrupts {
  /** Numbers on Linux, signal(7). */
  private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15, "HUP", 1);

  private volatile IntConsumer receiver = number -> {};

  /** Interrupts this thread on every signal from now on. */
  void interruptThisThread() {
    Thread command = Thread.currentThread();
    receiver = number -> command.interrupt();
    SIGNALS.forEach(
        (name, number) -> Signal.handle(new Signal(name), ignored -> receiver.accept(number)));
  }

  /**
   * Sends signals elsewhere until the result is closed.
   *
   * @param other told the signal's number
   */
  Redirection redirect(IntConsumer other) {
    IntConsumer before = receiver;
    receiver = other;
    return () -> receiver = before;
  }

  /** Ends a redirection. */
  @FunctionalInterface
  interface Redirection extends AutoCloseable {
    @Override
    void close();
  }
}
