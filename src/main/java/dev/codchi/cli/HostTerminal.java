package dev.codchi.cli;

import dev.codchi.driver.Execution;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.process.HostProgram;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import sun.misc.Signal;

/**
 * The terminal that codchi was started in, to be joined to one in a container. While joined it is
 * in raw mode: every key, Ctrl-C included, goes to the program inside. Until then it stays as it
 * is, since a machine may have to be started first, which Ctrl-C ends. Closing restores it. stty(1)
 * sets the mode, because Java has no way to.
 */
final class HostTerminal implements AutoCloseable {
  private static final Duration STTY = Duration.ofSeconds(5);
  private static final Execution.Size USUAL = new Execution.Size(80, 24);

  private final boolean interactive;
  private String saved = "";
  private boolean raw;

  private HostTerminal(boolean interactive) {
    this.interactive = interactive;
  }

  /** The terminal as it is; nothing is changed yet. */
  static HostTerminal open() {
    return new HostTerminal(Console.terminal(0) && Console.terminal(1));
  }

  /** Whether both input and output are the terminal. */
  boolean interactive() {
    return interactive;
  }

  /** Input, output and errors as separate streams, as they are. */
  Execution.Streams streams() {
    return new Execution.Streams(
        input(),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }

  /** The terminal, to be put into raw mode when it is joined. */
  Execution.Terminal attach() {
    saved = stty("-g").strip();
    OutputStream output = new FileOutputStream(FileDescriptor.out);
    return new Execution.Terminal(
        this::join, input(), output, HostTerminal::size, HostTerminal::onResize);
  }

  private void join() {
    raw = true;
    change("raw", "-echo");
  }

  /**
   * Changes the mode to the end, also when this thread is interrupted: a change that nobody waits
   * for could come after the next one.
   */
  private static void change(String... mode) {
    try {
      CompletableFuture.runAsync(() -> stty(mode), task -> Thread.ofPlatform().start(task)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Failure failure ? failure : e;
    }
  }

  /**
   * Makes the terminal take lines without showing them, also where it is joined to one in a
   * container; closing the result makes it what it was.
   */
  static Silence silence() {
    String before = stty("-g").strip();
    change("icanon", "icrnl", "isig", "opost", "-echo");
    return () -> change(before);
  }

  /** Ends a {@link #silence}. */
  @FunctionalInterface
  interface Silence extends AutoCloseable {
    @Override
    void close();
  }

  /** The width of the terminal that standard input is, if it is one. */
  static OptionalInt width() {
    return Console.terminal(0) ? OptionalInt.of(size().columns()) : OptionalInt.empty();
  }

  private static InputStream input() {
    return new FileInputStream(FileDescriptor.in);
  }

  private static Execution.Size size() {
    List<String> numbers = Arrays.asList(stty("size").strip().split(" "));
    try {
      int rows = Integer.parseInt(numbers.get(0));
      int columns = Integer.parseInt(numbers.get(numbers.size() - 1));
      return rows > 0 && columns > 0 ? new Execution.Size(columns, rows) : USUAL;
    } catch (NumberFormatException unknown) {
      return USUAL;
    }
  }

  private static AutoCloseable onResize(Runnable listener) {
    Signal windowChanged = new Signal("WINCH");
    var before =
        Signal.handle(windowChanged, ignored -> Thread.ofPlatform().daemon().start(listener));
    return () -> Signal.handle(windowChanged, before);
  }

  private static String stty(String... arguments) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    HostProgram.Result result = HostProgram.runOnTerminal(command, STTY);
    if (result.status() != 0) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot set up the terminal")
          .because(result.errors());
    }
    return result.output();
  }

  @Override
  public void close() {
    if (raw) {
      change(saved);
      raw = false;
    }
  }
}
