package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whole directories on the host. Links are never followed. */
public final class FileTree {
  private FileTree() {}

  /**
   * Deletes a directory with all that is in it, also what is write-protected, such as Go's
   * downloads. Idempotent.
   *
   * @throws Failure {@code DIRECTORY_UNUSABLE} naming the first thing that could not be deleted
   */
  public static void delete(Path directory) {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(directory, new Deletion());
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot delete " + directory)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    private static final Set<PosixFilePermission> OPEN =
        PosixFilePermissions.fromString("rwx------");

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(directory)) {
        Files.setPosixFilePermissions(directory, OPEN);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
      if (!(failed instanceof AccessDeniedException)
          || !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
          || Files.isReadable(file) && Files.isExecutable(file)) {
        throw failed;
      }
      Files.setPosixFilePermissions(file, OPEN);
      Files.walkFileTree(file, this);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
