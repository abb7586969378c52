package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets the disk write while more is produced. A large file is safe on the disk soon after its last
 * byte, instead of a whole file's time later: the kernel begins by itself only after many seconds.
 * Written by one thread; {@link #settle} and {@link #await} may be called by another after that.
 */
final class WriteBehind implements WritableByteChannel {
  /** Enough for the disk to work on, few enough that the rest takes no time at the end. */
  private static final long PIECE = 128L * 1024 * 1024;

  private final FileChannel file;
  private long unsettled;
  private @Nullable CompletableFuture<@Nullable Void> running;

  WriteBehind(FileChannel file) {
    this.file = file;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = file.write(bytes);
    unsettled += count;
    if (unsettled >= PIECE && (running == null || running.isDone())) {
      settle();
    }
    return count;
  }

  /** Begins to bring to the disk what was written so far, and does not wait for it. */
  void settle() throws IOException {
    await();
    unsettled = 0;
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    running = done;
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            file.force(true);
            done.complete(null);
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
  }

  /**
   * Waits for what {@link #settle} began last.
   *
   * @throws IOException when the disk could not take it
   */
  void await() throws IOException {
    CompletableFuture<@Nullable Void> last = running;
    running = null;
    if (last == null) {
      return;
    }
    try {
      last.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.nio.channels.ClosedByInterruptException();
    }
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
