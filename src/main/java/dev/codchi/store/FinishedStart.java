package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.BootMark;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The note that the store was started to the end, and that its nix daemon has the settings and
 * proxies that are in the store's files.
 *
 * <p>That the container runs says neither: whoever started it may still wait for the daemon, or may
 * have been killed meanwhile, and after a boot of the host the backend starts it by itself. The
 * note goes before anything of that is begun and comes when it is done, both under the store's
 * lock, so it holds nothing but which boot of the host it is good for; reading it costs two small
 * files.
 */
final class FinishedStart {
  private static final int PRIVATE = 0600;

  private final Path note;

  FinishedStart(Settings settings) {
    this.note = settings.directories().data().resolve("store/started");
  }

  /** Whether the start since the host booted was finished. */
  boolean holds() {
    return WholeFile.read(note).filter(noted -> Arrays.equals(noted, BootMark.here())).isPresent();
  }

  /**
   * Whether a start was finished, perhaps before the host booted, and nothing has been begun since.
   * A daemon that the backend started has read the store's files as they are, then.
   */
  boolean untouched() {
    return Files.exists(note);
  }

  /** To be called before the store is started, or its daemon's files change. Idempotent. */
  void begin() {
    try {
      Files.deleteIfExists(note);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot remove " + note)
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** Notes that all is done. Idempotent. */
  void finish() {
    WholeFile.write(note, BootMark.here(), PRIVATE);
  }
}
