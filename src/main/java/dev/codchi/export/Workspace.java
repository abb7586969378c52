package dev.codchi.export;

import dev.codchi.config.Directories;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where an export keeps what it needs only while it runs, as host and store see it. What a killed
 * export left behind is removed by the next one of the machine.
 *
 * @param directory on the host
 * @param inStore the same in the store
 */
record Workspace(Path directory, String inStore) implements Closeable {
  /** A fresh directory, private to the person. */
  static Workspace of(Directories directories, String machine) {
    Path directory = directories.data().resolve("export").resolve(machine);
    try {
      delete(directory);
      Person.current().directory(directory, "rwx------");
      return new Workspace(directory, "/data/export/" + machine);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot use " + directory)
          .because(e.toString())
          .causedBy(e);
    }
  }

  @Override
  public void close() throws IOException {
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed)
              throws IOException {
            if (failed != null) {
              throw failed;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
