package dev.codchi.machines;

import dev.codchi.config.Directories;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ProcessMark;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Where an export or import keeps what it needs only while it runs, as host and store see it. It is
 * named after its process, so that any later codchi removes what a killed one left behind, and none
 * that of another at work.
 *
 * @param directory on the host
 * @param inStore the same in the store
 */
public record Workspace(Path directory, String inStore) implements AutoCloseable {
  /** The mark of the process, and what tells its workspaces apart. */
  private static final String NAME = "%s.%s";

  /** A fresh directory, private to the person. */
  public static Workspace of(Directories directories) {
    String name = NAME.formatted(ProcessMark.here(), UUID.randomUUID());
    Person person = Person.current();
    person.directory(all(directories), "rwx------");
    Path directory = person.directory(all(directories).resolve(name), "rwx------");
    return new Workspace(directory, "/data/export/" + name);
  }

  /**
   * Removes what killed processes left. Costs one look at a directory where nothing is. Idempotent;
   * several processes may do it at once.
   *
   * @throws Failure {@code DIRECTORY_UNUSABLE}
   */
  static void removeAbandoned(Directories directories) {
    Path all = all(directories);
    if (!Files.isDirectory(all)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(all)) {
      for (Path one : found) {
        String name = one.getFileName().toString();
        if (!ProcessMark.isAlive(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
          remove(one, all.resolve(NAME.formatted(ProcessMark.here(), UUID.randomUUID())));
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot tidy up in " + all)
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** Of several processes that find it, one gets to rename it, and removes it. */
  private static void remove(Path abandoned, Path own) throws IOException {
    try {
      Files.move(abandoned, own, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException another) {
      return;
    }
    FileTree.delete(own);
  }

  private static Path all(Directories directories) {
    return directories.data().resolve("export");
  }

  @Override
  public void close() {
    FileTree.delete(directory);
  }
}
