package dev.codchi.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A log that is only appended to, by one process or several. */
public final class LogFile {
  /** Some ten thousand lines. */
  static final long MOST_BYTES = 4L << 20;

  private LogFile() {}

  /**
   * To be called before a log is opened: one that has become long is put aside as {@code NAME.old}
   * in place of the one that was put aside before, so that logs do not grow for ever. Machines can
   * make some of them longer. Whoever has it open goes on writing into the old one. Idempotent.
   *
   * @throws IOException when it cannot be put aside
   */
  public static void limit(Path log) throws IOException {
    try {
      if (Files.exists(log) && Files.size(log) > MOST_BYTES) {
        Files.move(
            log,
            log.resolveSibling(log.getFileName() + ".old"),
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (NoSuchFileException alreadyDone) {
      // Another process has put it aside meanwhile.
      return;
    }
  }
}
