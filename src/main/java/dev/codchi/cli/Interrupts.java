package dev.codchi.cli;

import io.quarkus.runtime.ImageMode;
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
  private boolean over;

  /**
   * Lets every signal end the program at once from now on, until there is a command to interrupt.
   * Java would run shutdown hooks first, and that of Quarkus waits for the command to do its work.
   */
  static void endAtOnce() {
    SIGNALS.forEach((name, number) ->
        Signal.handle(new Signal(name), ignored -> Runtime.getRuntime().halt(128 + number)));
  }

  /** Interrupts this thread on every signal from now on, until its command {@link #end is over}. */
  void interruptThisThread() {
    Thread command = Thread.currentThread();
    receiver = number -> interrupt(command);
    SIGNALS.forEach(this::receive);
    if (ImageMode.current() == ImageMode.NATIVE_RUN) {
      // On the JVM it is the JVM's own, which prints its threads.
      receive("QUIT", 3);
    }
  }

  private void receive(String name, int number) {
    Signal.handle(new Signal(name), ignored -> receiver.accept(number));
  }

  private synchronized void interrupt(Thread command) {
    if (!over) {
      command.interrupt();
    }
  }

  /**
   * Ends the interruptions of this thread, the last one included. The native runtime waits for a
   * thread of its own when the program exits, and takes an interruption of that for a fatal error.
   */
  synchronized void end() {
    over = true;
    Thread.interrupted();
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
