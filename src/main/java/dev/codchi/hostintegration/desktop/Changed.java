package dev.codchi.hostintegration.desktop;

import dev.codchi.files.WholeFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Files that are written only where they differ, so that desktops see no needless changes. */
final class Changed {
  private Changed() {}

  /**
   * Makes sure that a file has this content. Idempotent.
   *
   * @throws dev.codchi.failure.Failure {@code DISK_FULL}, {@code DIRECTORY_UNUSABLE}
   */
  static void write(Path file, byte[] content, int mode) {
    if (WholeFile.read(file).filter(there -> Arrays.equals(there, content)).isEmpty()) {
      WholeFile.write(file, content, mode);
    }
  }

  /** Like {@link #write(Path, byte[], int)}, in UTF-8. */
  static void write(Path file, String content, int mode) {
    write(file, content.getBytes(StandardCharsets.UTF_8), mode);
  }
}
