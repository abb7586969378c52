package dev.codchi.files;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion between codchi processes, and between the threads of one, by a lock on a file.
 * The operating system frees it when its process ends, however that happens. The lock file says who
 * holds it; it is never deleted, so it belongs into a directory that outlives what it guards. Not
 * reentrant: a thread that takes a lock twice is reported as waiting for itself.
 */
public final class ExclusiveLock implements AutoCloseable {
  /**
   * Behind the text that names the holder: on Windows nobody could read a locked part of a file.
   */
  private static final long LOCKED_BYTE = 1L << 40;

  private static final int LONGEST_HOLDER = 4096;

  /** Keeps the sum of nanoseconds within a long. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(3650);

  /**
   * The kernel's locks belong to a process and are lost as soon as it closes <em>any</em> handle of
   * the file. Hence one place per file in this process, and no handle is opened without it.
   */
  private static final Map<Path, Place> PLACES = new ConcurrentHashMap<>();

  private static final class Place {
    private final Semaphore free = new Semaphore(1, true);
    private volatile @Nullable LockHolder holder;
  }

  private final Place place;
  private final FileChannel channel;
  private final AtomicBoolean held = new AtomicBoolean(true);

  private ExclusiveLock(Place place, FileChannel channel) {
    this.place = place;
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting for another holder as long as it is patient.
   *
   * @param file the lock file; created for the owner alone, with its directories, when missing
   * @param doing what the lock is taken for; others are shown it
   * @param patience how long to wait; {@link Duration#ZERO} does not wait
   * @param onWait told the holder once, before waiting begins
   * @return the lock, to be closed by the caller, by any thread
   * @throws Failure {@code MACHINE_LOCKED}, with the holder's name, when patience ends or the
   *     thread is interrupted (its interrupt status is kept); {@code DIRECTORY_UNUSABLE} when the
   *     file cannot be opened
   */
  public static ExclusiveLock acquire(
      Path file, String doing, Duration patience, Consumer<LockHolder> onWait) {
    Duration bounded = patience.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : patience;
    long deadline = System.nanoTime() + bounded.toNanos();
    try {
      Place place = placeOf(file);
      takePlace(place, file, deadline, onWait);
      try {
        return lockFile(place, file, doing, deadline, onWait);
      } catch (IOException | RuntimeException failed) {
        place.free.release();
        throw failed;
      }
    } catch (IOException failed) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "Cannot lock " + file)
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }

  /** Like {@link #acquire(Path, String, Duration, Consumer)}, telling nobody that it waits. */
  public static ExclusiveLock acquire(Path file, String doing, Duration patience) {
    return acquire(file, doing, patience, holder -> {});
  }

  /** Frees the lock. Idempotent. */
  @Override
  public void close() {
    if (!held.compareAndSet(true, false)) {
      return;
    }
    place.holder = null;
    try {
      channel.truncate(0);
    } catch (IOException left) {
      // What stays in the file names nobody who matters: the lock itself is freed below.
      Logger.getLogger(ExclusiveLock.class).debug("", left);
    } finally {
      closeQuietly(channel);
      place.free.release();
    }
  }

  private static Place placeOf(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException("not a file: " + file);
    }
    WholeFile.createDirectories(directory);
    Path real = directory.toRealPath().resolve(file.getFileName());
    return PLACES.computeIfAbsent(real, ignored -> new Place());
  }

  private static void takePlace(
      Place place, Path file, long deadline, Consumer<LockHolder> onWait) {
    if (place.free.tryAcquire()) {
      return;
    }
    Optional<LockHolder> holder = Optional.ofNullable(place.holder);
    try {
      if (remaining(deadline) > 0) {
        holder.ifPresent(onWait);
        if (place.free.tryAcquire(remaining(deadline), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    throw locked(file, Optional.ofNullable(place.holder).or(() -> holder));
  }

  private static ExclusiveLock lockFile(
      Place place, Path file, String doing, long deadline, Consumer<LockHolder> onWait)
      throws IOException {
    FileChannel channel = open(file);
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
        Optional<LockHolder> holder = readHolder(channel);
        if (remaining(deadline) <= 0) {
          throw locked(file, holder);
        }
        holder.ifPresent(onWait);
        if (!awaitLock(channel, remaining(deadline))) {
          closeQuietly(channel);
          channel = open(file);
          throw locked(file, readHolder(channel).or(() -> holder));
        }
      }
      LockHolder self = LockHolder.here(doing);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self.toBytes()), 0);
      place.holder = self;
      return new ExclusiveLock(place, channel);
    } catch (IOException | RuntimeException failed) {
      closeQuietly(channel);
      throw failed;
    }
  }

  /**
   * Waits in the kernel. A blocking lock has no time limit of its own, so a second thread closes
   * the file when the time has come; exactly one of the two wins.
   */
  private static boolean awaitLock(FileChannel channel, long nanoseconds) throws IOException {
    AtomicBoolean decided = new AtomicBoolean();
    Thread timer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                TimeUnit.NANOSECONDS.sleep(nanoseconds);
              } catch (InterruptedException obtained) {
                return;
              }
              if (decided.compareAndSet(false, true)) {
                closeQuietly(channel);
              }
            });
    try {
      channel.lock(LOCKED_BYTE, 1, false);
      return decided.compareAndSet(false, true);
    } catch (FileLockInterruptionException | ClosedChannelException ended) {
      return false;
    } finally {
      timer.interrupt();
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        WholeFile.attributes(file, 0600));
  }

  private static Optional<LockHolder> readHolder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST_HOLDER);
    int length = Math.max(channel.read(text, 0), 0);
    byte[] content = new byte[length];
    text.flip().get(content);
    return LockHolder.parse(content);
  }

  private static Failure locked(Path file, Optional<LockHolder> holder) {
    return Failure.of(
            FailureCode.MACHINE_LOCKED,
            holder.map(who -> who + " is at work here").orElse("Another codchi is at work here"))
        .because("It holds the lock " + file);
  }

  private static long remaining(long deadline) {
    return deadline - System.nanoTime();
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException closed) {
      Logger.getLogger(ExclusiveLock.class).debug("", closed);
    }
  }
}
