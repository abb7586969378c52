package dev.codchi.process;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs programs on the host: without a shell, with a time limit, with their output captured. */
public final class HostProgram {
  /**
   * What a program left behind.
   *
   * @param status its exit status
   * @param output its standard output
   * @param errors its standard error
   */
  public record Result(int status, String output, String errors) {}

  private HostProgram() {}

  /**
   * Runs a program without input.
   *
   * @throws Failure {@code UNEXPECTED_ERROR} when it cannot be started or takes too long; it is
   *     ended then
   */
  public static Result run(List<String> command, Duration limit) {
    return run(
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null"))),
        limit);
  }

  /**
   * Like {@link #run}, with this process's own standard input, which the program may ask about or
   * change.
   */
  public static Result runOnTerminal(List<String> command, Duration limit) {
    return run(new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT), limit);
  }

  private static Result run(ProcessBuilder builder, Duration limit) {
    String name = builder.command().get(0);
    try {
      Process process = builder.start();
      CompletableFuture<String> output = read(process.getInputStream());
      CompletableFuture<String> errors = read(process.getErrorStream());
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw Failure.of(
            FailureCode.UNEXPECTED_ERROR,
            "'" + name + "' did not end within " + limit.toSeconds() + " s");
      }
      return new Result(process.exitValue(), output.get(), errors.get());
    } catch (IOException | ExecutionException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot run '" + name + "'")
          .because(e.toString())
          .causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "'" + name + "' was interrupted").causedBy(e);
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), Charset.defaultCharset()));
          } catch (IOException e) {
            text.completeExceptionally(new UncheckedIOException(e));
          }
        });
    return text;
  }
}
