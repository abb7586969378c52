package dev.codchi.files;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files that are seen either as they were or as they will be, never half written: the bytes go to a
 * temporary file beside the target, are flushed to the disk, and take the target's name in one step
 * that is flushed too.
 */
public final class WholeFile {
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final int PRIVATE = 0600;

  private WholeFile() {}

  /**
   * Replaces or creates a file. A symbolic link is followed, so that a file that a person keeps
   * elsewhere stays there. Missing parent directories are created for the owner alone. Idempotent.
   *
   * @param file the file to write
   * @param content its whole content
   * @param mode permission bits, for example {@code 0600}; ignored where the file system has none
   *     (there the directory's access list is inherited)
   * @throws Failure {@code DISK_FULL} or {@code DIRECTORY_UNUSABLE}; the file is then as it was
   */
  public static void write(Path file, byte[] content, int mode) {
    try {
      Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
      Path directory = directoryOf(target);
      createDirectories(directory);
      removeAbandoned(directory, target);
      Path temporary = directory.resolve(temporaryPrefix(target) + unique() + ".tmp");
      try {
        fill(temporary, content, mode);
        rename(temporary, target);
      } catch (IOException | RuntimeException failed) {
        Files.deleteIfExists(temporary);
        throw failed;
      }
      flushDirectory(directory);
    } catch (IOException failed) {
      throw unwritable(file, failed);
    }
  }

  /** Like {@link #write(Path, byte[], int)}, in UTF-8. */
  public static void write(Path file, String content, int mode) {
    write(file, content.getBytes(StandardCharsets.UTF_8), mode);
  }

  /**
   * Reads a whole file.
   *
   * @return empty when there is no such file
   * @throws Failure {@code DIRECTORY_UNUSABLE} when it cannot be read
   */
  public static Optional<byte[]> read(Path file) {
    // Asked first, because an exception for each file that is not there costs ten times as much.
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException removedMeanwhile) {
      return Optional.empty();
    } catch (IOException failed) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "Cannot read " + file)
          .because(reason(failed))
          .causedBy(failed);
    }
  }

  /**
   * Creates a directory and its missing parents, for the owner alone (0700). Directories that exist
   * are left as they are.
   *
   * @throws IOException when one of them cannot be created
   */
  public static void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, attributes(directory, 0700));
    }
  }

  private static void fill(Path temporary, byte[] content, int mode) throws IOException {
    Set<StandardOpenOption> fresh =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(temporary, fresh, attributes(temporary, PRIVATE))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      if (mode != PRIVATE && hasPermissions(temporary)) {
        Files.setPosixFilePermissions(temporary, permissions(mode));
      }
      channel.force(true);
    }
  }

  private static void rename(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException impossible) {
      throw new FileSystemException(
          target.toString(), null, "the file system cannot rename a file in one step");
    }
  }

  /** Makes a rename durable; Windows neither allows nor needs it. */
  private static void flushDirectory(Path directory) throws IOException {
    if (hasPermissions(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** A process that was killed leaves its temporary file behind; an hour later it is nobody's. */
  private static void removeAbandoned(Path directory, Path target) throws IOException {
    String prefix = temporaryPrefix(target);
    Instant limit = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> siblings =
        Files.newDirectoryStream(
            directory,
            path -> {
              String name = String.valueOf(path.getFileName());
              return name.startsWith(prefix) && name.endsWith(".tmp");
            })) {
      for (Path sibling : siblings) {
        if (isOlder(sibling, limit)) {
          Files.deleteIfExists(sibling);
        }
      }
    }
  }

  private static boolean isOlder(Path file, Instant limit) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private static Path directoryOf(Path target) {
    Path parent = target.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("not a file: " + target);
    }
    return parent;
  }

  private static String temporaryPrefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  private static String unique() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  static FileAttribute<?>[] attributes(Path path, int mode) {
    return hasPermissions(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(mode))}
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] fromOwnerRead = PosixFilePermission.values();
    for (int i = 0; i < fromOwnerRead.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(fromOwnerRead[i]);
      }
    }
    return permissions;
  }

  private static Failure unwritable(Path file, IOException failed) {
    String reason = reason(failed);
    boolean full = FullDisk.isMeantBy(reason);
    return Failure.of(
            full ? FailureCode.DISK_FULL : FailureCode.DIRECTORY_UNUSABLE, "Cannot write " + file)
        .because(reason)
        .causedBy(failed);
  }

  private static String reason(IOException failed) {
    if (failed instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failed instanceof FileSystemException inFiles && inFiles.getReason() != null) {
      return inFiles.getReason();
    }
    String message = failed.getMessage();
    return message == null ? failed.getClass().getSimpleName() : message;
  }
}
