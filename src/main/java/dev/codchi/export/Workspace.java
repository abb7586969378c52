package dev.codchi.export;

import dev.codchi.config.Directories;
import dev.codchi.driver.Person;
import dev.codchi.machines.FileTree;
import java.nio.file.Path;

/**
 * Where an export keeps what it needs only while it runs, as host and store see it. What a killed
 * export left behind is removed by the next one of the machine.
 *
 * @param directory on the host
 * @param inStore the same in the store
 */
record Workspace(Path directory, String inStore) implements AutoCloseable {
  /** A fresh directory, private to the person. */
  static Workspace of(Directories directories, String machine) {
    Path directory = directories.data().resolve("export").resolve(machine);
    FileTree.delete(directory);
    Person.current().directory(directory, "rwx------");
    return new Workspace(directory, "/data/export/" + machine);
  }

  @Override
  public void close() {
    FileTree.delete(directory);
  }
}
