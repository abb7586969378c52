package dev.codchi.machines;

import dev.codchi.config.Directories;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ProcessDirectories;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where an export, an import or the evaluation of an exported system keeps what it needs only while
 * it runs, as host and store see it. It is named after its process, so that any later codchi
 * removes what a killed one left behind, and none that of another at work.
 *
 * @param directory on the host
 * @param inStore the same in the store
 */
public record Workspace(Path directory, String inStore) implements AutoCloseable {
  /** A fresh directory, private to the person. */
  public static Workspace of(Directories directories) {
    String name = ProcessDirectories.freshName();
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
    try {
      ProcessDirectories.removeAbandoned(all, FileTree::delete);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot tidy up in " + all)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private static Path all(Directories directories) {
    return directories.data().resolve("export");
  }

  @Override
  public void close() {
    FileTree.delete(directory);
  }
}
