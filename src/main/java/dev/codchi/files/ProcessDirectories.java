package dev.codchi.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Directories that are needed only as long as a process runs. They are named after it, so that any
 * later one removes what a killed one left behind, and none that of another at work.
 */
public final class ProcessDirectories {
  private ProcessDirectories() {}

  /** A name that no other directory has. */
  public static String freshName() {
    return ProcessMark.here() + "." + UUID.randomUUID();
  }

  /**
   * Removes those whose process is gone. Costs one look at a directory where nothing is.
   * Idempotent; several processes may do it at once.
   *
   * @param all where they are; it need not exist
   * @param deletion deletes one
   * @throws IOException when it cannot be looked for them
   */
  public static void removeAbandoned(Path all, Consumer<Path> deletion) throws IOException {
    if (!Files.isDirectory(all)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(all)) {
      for (Path one : found) {
        String name = one.getFileName().toString();
        if (!ProcessMark.isAlive(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
          removeOnce(one, all.resolve(freshName()), deletion);
        }
      }
    }
  }

  /** Of several processes that find it, one gets to rename it, and removes it. */
  private static void removeOnce(Path abandoned, Path own, Consumer<Path> deletion)
      throws IOException {
    try {
      Files.move(abandoned, own, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException another) {
      return;
    }
    deletion.accept(own);
  }
}
