package dev.codchi.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Takes what one end of a program gives while somebody else fills its other end. */
final class Copy implements Closeable {
  private static final int BUFFER = 256 * 1024;

  private final FileChannel input;
  private final Thread thread;
  private final CompletableFuture<Long> done;

  private Copy(FileChannel input, Thread thread, CompletableFuture<Long> done) {
    this.input = input;
    this.thread = thread;
    this.done = done;
  }

  /** Opens one end of a program. */
  @FunctionalInterface
  interface End {
    /** May wait until the program opens the other one. */
    FileChannel open() throws IOException;
  }

  /**
   * Begins to copy.
   *
   * @param open opens the program's output; called in another thread
   * @param input opens the program's input
   */
  static Copy of(End open, WritableByteChannel target, End input) throws IOException {
    CompletableFuture<Long> done = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try (FileChannel from = open.open()) {
                copy(from, target, done);
              } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    return new Copy(input.open(), thread, done);
  }

  /**
   * Why it failed is known before the program loses its reader, and whoever fills it the program.
   */
  private static void copy(
      FileChannel from, WritableByteChannel target, CompletableFuture<Long> done) {
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
      long copied = 0;
      while (from.read(buffer) >= 0) {
        buffer.flip();
        copied += buffer.remaining();
        while (buffer.hasRemaining()) {
          target.write(buffer);
        }
        buffer.clear();
      }
      done.complete(copied);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  /** What the program reads. */
  FileChannel input() {
    return input;
  }

  /**
   * Why the program has lost its reader, if it has: because the target could not take what it gave.
   * Never waits.
   */
  Optional<IOException> failed() {
    return done.isCompletedExceptionally() && done.exceptionNow() instanceof IOException failed
        ? Optional.of(failed)
        : Optional.empty();
  }

  /**
   * Waits until the program has given everything.
   *
   * @return how many bytes that was
   * @throws IOException when the target could not take it
   */
  long await() throws IOException {
    try {
      return done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.nio.channels.ClosedByInterruptException();
    }
  }

  @Override
  public void close() throws IOException {
    input.close();
    thread.interrupt();
  }
}
