package dev.codchi.driver;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to be run in a running container.
 *
 * @param container the backend's name of the container
 * @param command argv, passed on as it is; the first element is looked up in the container's {@code
 *     PATH} of {@code environment}
 * @param environment variables, in addition to what the backend sets
 * @param uid user id inside
 * @param gid group id inside
 * @param directory working directory inside; {@code null} for the backend's default
 * @param io where input comes from and output goes to
 */
public record Execution(
    String container,
    List<String> command,
    Map<String, String> environment,
    int uid,
    int gid,
    @Nullable String directory,
    Io io) {
  public Execution {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Where a program's input comes from and its output goes to. */
  public sealed interface Io {}

  /**
   * Separate streams. The streams are not closed. Output is delivered completely before the exit
   * status is known.
   *
   * @param stdin read until its end; {@code null} for no input at all
   * @param stdout receives the program's output
   * @param stderr receives the program's errors
   */
  public record Streams(@Nullable InputStream stdin, OutputStream stdout, OutputStream stderr)
      implements Io {}

  /**
   * A terminal inside, joined to a terminal outside.
   *
   * @param joined called once, when it is known that the container takes the program and before it
   *     runs: the caller puts the terminal outside into raw mode. Not called where there is nothing
   *     to join, so that people keep their terminal and its Ctrl-C until then
   * @param input keys, read until the program ends
   * @param output what the program draws
   * @param size the outer terminal's size, asked at the start and after each {@code resized}
   * @param resized tells that the size may have changed
   */
  public record Terminal(
      Runnable joined,
      InputStream input,
      OutputStream output,
      java.util.function.Supplier<Size> size,
      Resizes resized)
      implements Io {}

  /** Size of a terminal in character cells. */
  public record Size(int columns, int rows) {}

  /** A source of size changes. */
  @FunctionalInterface
  public interface Resizes {
    /**
     * Calls {@code listener} after each change until the result is closed.
     *
     * @return ends the notifications
     */
    AutoCloseable onResize(Runnable listener);
  }
}
