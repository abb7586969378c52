package dev.codchi.export;

import dev.codchi.files.ProcessMark;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * A hidden file that becomes another once it is complete. It is locked while somebody writes it. So
 * one that nobody has locked was left by a process that was killed, on whatever computer or in
 * whatever container that was, and the next to write into the same directory removes it.
 */
final class PartialFile implements Closeable {
  private static final Logger LOG = Logger.getLogger(PartialFile.class);

  private static final String PREFIX = ".codchi-";
  private static final String SUFFIX = ".part";

  /** Where there are no locks, what nobody has written to for so long is nobody's. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final FileChannel channel;
  private final Path path;

  private PartialFile(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  /** A new file, private to its owner. */
  static PartialFile in(Path directory) throws IOException {
    while (true) {
      String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
      Path path = directory.resolve(PREFIX + ProcessMark.here() + "." + random + SUFFIX);
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      lock(path, channel);
      // Before it was locked, somebody may have taken it for an abandoned one.
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return new PartialFile(channel, path);
      }
      channel.close();
    }
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    try {
      channel.lock();
    } catch (FileLockInterruptionException stop) {
      Files.deleteIfExists(path);
      channel.close();
      throw stop;
    } catch (IOException none) {
      LOG.debug("the file system has no locks", none);
    }
  }

  /** Removes the files that killed processes left in a directory. */
  static void removeAbandoned(Path directory) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path part : parts) {
        // The kernel would free our own lock as soon as we close any handle of the file.
        if (!part.getFileName().toString().startsWith(PREFIX + ProcessMark.here() + ".")
            && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
          removeUnlessLocked(part);
        }
      }
    }
  }

  private static void removeUnlessLocked(Path part) throws IOException {
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (abandoned(part, channel)) {
        Files.deleteIfExists(part);
      }
    } catch (NoSuchFileException another) {
      LOG.debugf("somebody else removed %s", part);
    } catch (AccessDeniedException foreign) {
      LOG.debugf("%s is somebody else's", part);
    }
  }

  /** Takes the lock where it is free; it goes with the channel. */
  private static boolean abandoned(Path part, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (IOException none) {
      LOG.debug("the file system has no locks", none);
      return Files.getLastModifiedTime(part).toInstant().isBefore(Instant.now().minus(ABANDONED));
    }
    return lock != null;
  }

  /** The file's content. */
  FileChannel channel() {
    return channel;
  }

  /** Gives the file its name, in the same directory. It stays locked until then. */
  void moveTo(Path file) throws IOException {
    Files.move(path, file, StandardCopyOption.ATOMIC_MOVE);
    channel.close();
  }

  /** Removes the file, unless it was moved. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    channel.close();
  }
}
