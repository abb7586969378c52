package dev.codchi.process;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  /**
   * How watching a program ended.
   *
   * @param seen whether it said what was waited for
   * @param silent whether it was ended because it had said nothing at all
   * @param end the last that it said
   */
  public record Watched(boolean seen, boolean silent, String end) {}

  private static final int KEPT = 4000;
  private static final List<String> LOCALE = List.of("LC_ALL", "LC_CTYPE");

  private HostProgram() {}

  /**
   * Runs a program without input.
   *
   * @throws Failure {@code UNEXPECTED_ERROR} when it cannot be started or takes too long; it is
   *     ended then. Also when it has ended in time, and a program that it started keeps its output
   */
  public static Result run(List<String> command, Duration limit) {
    return run(
        program(command).redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null"))),
        limit);
  }

  /**
   * Like {@link #run}, with this process's own standard input, which the program may ask about or
   * change.
   */
  public static Result runOnTerminal(List<String> command, Duration limit) {
    return run(program(command).redirectInput(ProcessBuilder.Redirect.INHERIT), limit);
  }

  /** Like {@link #run(List, Duration)}, with some variables added to this process's own. */
  public static Result run(List<String> command, Map<String, String> more, Duration limit) {
    ProcessBuilder builder =
        program(command).redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(more);
    return run(builder, limit);
  }

  /**
   * How a program answered that was given something to read.
   *
   * @param status its exit status
   * @param output its standard output, which is the caller's to wipe
   */
  public record Answer(int status, byte[] output) {}

  /**
   * Asks a program something, of which neither question nor answer is for anybody else: no text is
   * made of them, and what the program says on standard error is not read.
   *
   * @param environment all variables that it has
   * @param directory in which it runs
   * @param question its standard input; must be shorter than a pipe holds (64 KiB, see pipe(7))
   * @param most how many bytes it may answer
   * @throws Failure {@code UNEXPECTED_ERROR} when it cannot be started, takes too long or says too
   *     much; it is ended then, with what it started
   */
  public static Answer ask(
      List<String> command,
      Map<String, String> environment,
      Path directory,
      byte[] question,
      int most,
      Duration limit) {
    String name = command.getFirst();
    ProcessBuilder builder =
        program(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    restoreLocale(builder.environment());
    try {
      Process process = builder.start();
      CompletableFuture<byte[]> output = read(process.getInputStream(), most + 1);
      try (OutputStream input = process.getOutputStream()) {
        input.write(question);
      } catch (IOException unread) {
        // One that needs no input may have ended; what it answered tells.
      }
      try {
        byte[] answer = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (answer.length > most) {
          Arrays.fill(answer, (byte) 0);
          throw Failure.of(FailureCode.UNEXPECTED_ERROR, "'" + name + "' says too much");
        }
        // One that has said all may still not end.
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          Arrays.fill(answer, (byte) 0);
          throw tooLate(name, limit);
        }
        return new Answer(process.exitValue(), answer);
      } catch (TimeoutException late) {
        throw tooLate(name, limit);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException | ExecutionException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot run '" + name + "'")
          .because(e.toString())
          .causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "'" + name + "' was interrupted").causedBy(e);
    }
  }

  /**
   * Starts a program that outlives this one, and looks for a moment whether it fails at once.
   *
   * @param log gets all that it says, replacing what was there; its directory must exist
   * @return its exit status if it has ended by then
   * @throws Failure {@code UNEXPECTED_ERROR} when it cannot be started
   */
  public static OptionalInt detach(List<String> command, Path log, Duration moment) {
    try {
      Process process =
          program(command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return process.waitFor(moment.toMillis(), TimeUnit.MILLISECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (IOException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot run '" + command.getFirst() + "'")
          .because(e.toString())
          .causedBy(e);
    } catch (InterruptedException e) {
      // It runs; only nobody looks any more.
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /**
   * Runs a program until its output has a text, and ends it then.
   *
   * @param text what is waited for
   * @param limit how long
   * @param silence how long it may say nothing before its first output
   * @throws Failure {@code UNEXPECTED_ERROR} when it cannot be started
   */
  public static Watched until(List<String> command, String text, Duration limit, Duration silence) {
    try {
      Process process =
          program(command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectErrorStream(true)
              .start();
      Console console = new Console(text);
      Thread reader =
          Thread.ofPlatform().daemon().start(() -> console.follow(process.getInputStream()));
      try {
        boolean spoke = console.spoke.await(silence.toMillis(), TimeUnit.MILLISECONDS);
        if (spoke) {
          console.done.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
        return new Watched(console.seen(), !spoke, console.end());
      } finally {
        process.destroyForcibly().waitFor();
        reader.join();
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot run '" + command.getFirst() + "'")
          .because(e.toString())
          .causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "'" + command.getFirst() + "' was interrupted")
          .causedBy(e);
    }
  }

  /** What a program says while it runs. */
  private static final class Console {
    private final String text;
    private final java.util.concurrent.CountDownLatch spoke =
        new java.util.concurrent.CountDownLatch(1);
    private final java.util.concurrent.CountDownLatch done =
        new java.util.concurrent.CountDownLatch(1);
    private final StringBuilder last = new StringBuilder();
    private boolean seen;

    Console(String text) {
      this.text = text;
    }

    void follow(InputStream stream) {
      byte[] buffer = new byte[8192];
      try (stream) {
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          add(new String(buffer, 0, count, java.nio.charset.StandardCharsets.ISO_8859_1));
          spoke.countDown();
        }
      } catch (IOException ended) {
        // Its end closes the stream, sometimes in the middle of a read.
      } finally {
        spoke.countDown();
        done.countDown();
      }
    }

    private synchronized void add(String more) {
      last.append(more);
      if (last.indexOf(text) >= 0) {
        seen = true;
        done.countDown();
      }
      // What was waited for may be cut in two.
      last.delete(0, Math.max(0, last.length() - KEPT - text.length()));
    }

    synchronized boolean seen() {
      return seen;
    }

    synchronized String end() {
      return last.toString();
    }
  }

  private static ProcessBuilder program(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    restoreLocale(builder.environment());
    return builder;
  }

  /** What the JVM form's launcher changed for Java alone is not for other programs. */
  private static void restoreLocale(Map<String, String> environment) {
    for (String variable : LOCALE) {
      String given = System.getProperty("codchi.given." + variable);
      if (given != null && given.isEmpty()) {
        environment.remove(variable);
      } else if (given != null) {
        environment.put(variable, given);
      }
    }
  }

  private static Result run(ProcessBuilder builder, Duration limit) {
    String name = builder.command().get(0);
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      Process process = builder.start();
      CompletableFuture<String> output = read(process.getInputStream());
      CompletableFuture<String> errors = read(process.getErrorStream());
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw tooLate(name, limit);
      }
      return new Result(process.exitValue(), by(deadline, output), by(deadline, errors));
    } catch (TimeoutException held) {
      throw tooLate(name, limit).because("a program that it started keeps its output open");
    } catch (IOException | ExecutionException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot run '" + name + "'")
          .because(e.toString())
          .causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "'" + name + "' was interrupted").causedBy(e);
    }
  }

  /** A program may have ended and left one behind that has its output still. */
  private static String by(long deadline, CompletableFuture<String> text)
      throws ExecutionException, InterruptedException, TimeoutException {
    return text.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private static Failure tooLate(String name, Duration limit) {
    return Failure.of(
        FailureCode.UNEXPECTED_ERROR,
        "'" + name + "' did not end within " + limit.toSeconds() + " s");
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return read(stream, Integer.MAX_VALUE)
        .thenApply(bytes -> new String(bytes, Charset.defaultCharset()));
  }

  private static CompletableFuture<byte[]> read(InputStream stream, int most) {
    CompletableFuture<byte[]> bytes = new CompletableFuture<>();
    // A read from a program's pipe holds the thread that carries a virtual one, and there may be as
    // few of those as processors.
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (stream) {
            bytes.complete(stream.readNBytes(most));
          } catch (IOException e) {
            bytes.completeExceptionally(e);
          }
        });
    return bytes;
  }
}
