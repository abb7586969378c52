package dev.codchi.machines;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.FollowedProgram;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A machine whose files are worked on; see {@link MachineAtRest}. Programs of the store run in it
 * as root, joined to codchi by named pipes, so that bulk data does not pass through the daemon.
 */
public final class RestingMachine {
  /** Errors of a program are kept up to this size. */
  private static final int MOST_ERRORS = 256 * 1024;

  private final Executor executor;
  private final String container;
  private final String tools;
  private final Path pipes;
  private final String inside;
  private final BiFunction<Path, String, Path> makePipe;
  private int started;

  /**
   * @param tools the store's programs, a store path
   * @param pipes the directory of the pipes on the host
   * @param inside where the machine sees it
   * @param makePipe makes a pipe of a name in a directory
   */
  RestingMachine(
      Executor executor,
      String container,
      String tools,
      Path pipes,
      String inside,
      BiFunction<Path, String, Path> makePipe) {
    this.executor = executor;
    this.container = container;
    this.tools = tools;
    this.pipes = pipes;
    this.inside = inside;
    this.makePipe = makePipe;
  }

  /** The backend's name of the container. */
  public String container() {
    return container;
  }

  /**
   * Starts a program of the store's tools as root.
   *
   * @param name for example {@code tar}
   * @param arguments what follows it
   * @param takesInput whether {@link Program#input()} is used
   * @param givesOutput whether {@link Program#output()} is used
   */
  public Program start(
      String name, List<String> arguments, boolean takesInput, boolean givesOutput) {
    started++;
    StringBuilder script = new StringBuilder("exec \"$@\"");
    Path in = null;
    Path out = null;
    if (takesInput) {
      in = makePipe.apply(pipes, "in" + started);
      script.append(" <").append(inside).append("/in").append(started);
    }
    if (givesOutput) {
      out = makePipe.apply(pipes, "out" + started);
      script.append(" >").append(inside).append("/out").append(started);
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(tools + "/bin/bash", "-c", script.toString(), name));
    command.add(tools + "/bin/" + name);
    command.addAll(arguments);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Executor.Running running =
        executor.start(
            new Execution(
                container,
                command,
                Map.of("PATH", tools + "/bin", "LC_ALL", "C"),
                0,
                0,
                "/",
                new Execution.Streams(
                    null, OutputStream.nullOutputStream(), new Bounded(errors, MOST_ERRORS))));
    return new Program(running, in, out, errors);
  }

  /** A program at work. Its ends are opened in the order: input, output. */
  public static final class Program {
    private final Executor.Running running;
    private final @Nullable Path in;
    private final @Nullable Path out;
    private final ByteArrayOutputStream errors;
    private final FollowedProgram followed;

    Program(
        Executor.Running running,
        @Nullable Path in,
        @Nullable Path out,
        ByteArrayOutputStream errors) {
      this.running = running;
      this.in = in;
      this.out = out;
      this.errors = errors;
      this.followed = FollowedProgram.follow(running, this::release);
    }

    /** Whoever waits to open the other end of a pipe is let go, and nobody comes to wait there. */
    private void release() throws IOException {
      try {
        release(in);
      } finally {
        release(out);
      }
    }

    /** Opening both ends of a pipe never waits, and wakes who waits at one; fifo(7). */
    private static void release(@Nullable Path pipe) throws IOException {
      if (pipe != null) {
        try (RandomAccessFile _ = new RandomAccessFile(pipe.toFile(), "rw")) {
          Files.delete(pipe);
        } catch (FileNotFoundException gone) {
          return;
        }
      }
    }

    /**
     * What the program reads; the caller closes it. Can be interrupted once it is open.
     *
     * @throws IOException when the program has ended
     */
    public FileChannel input() throws IOException {
      return open(in, StandardOpenOption.WRITE);
    }

    /**
     * What the program writes; the caller closes it. Can be interrupted once it is open.
     *
     * @throws IOException when the program has ended before
     */
    public FileChannel output() throws IOException {
      return open(out, StandardOpenOption.READ);
    }

    private FileChannel open(@Nullable Path pipe, StandardOpenOption how) throws IOException {
      if (pipe == null) {
        throw new IllegalStateException("the program was started without this pipe");
      }
      try {
        return FileChannel.open(pipe, how);
      } catch (NoSuchFileException ended) {
        followed.requireNotLost();
        throw ended;
      }
    }

    /** Ends the program early. */
    public void end() {
      running.signal(15);
    }

    /** Waits for the program's end, and returns its exit status. */
    public int await() {
      return followed.await();
    }

    /** What the program wrote to its standard error; complete after {@link #await}. */
    public List<String> errors() {
      synchronized (errors) {
        return errors.toString(StandardCharsets.UTF_8).lines().toList();
      }
    }
  }

  /** Keeps the beginning and drops the rest. */
  private static final class Bounded extends OutputStream {
    private final ByteArrayOutputStream kept;
    private final int most;

    Bounded(ByteArrayOutputStream kept, int most) {
      this.kept = kept;
      this.most = most;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      synchronized (kept) {
        kept.write(bytes, offset, Math.min(length, Math.max(0, most - kept.size())));
      }
    }
  }
}
