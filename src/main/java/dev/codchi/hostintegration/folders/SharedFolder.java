package dev.codchi.hostintegration.folders;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of the host that a machine may use.
 *
 * @param path absolute, without links
 * @param readOnly whether the machine cannot change it
 */
public record SharedFolder(Path path, boolean readOnly) {
  /** Begins the folder's path in a machine; the host's whole path follows. */
  static final String TARGET = "/host";

  private static final String READ_ONLY = ":ro";

  /**
   * Reads {@code PATH} or {@code PATH:ro}.
   *
   * @throws Failure {@code BAD_SHARE} when it is no folder, or one that is too much to share
   */
  public static SharedFolder parse(String text) {
    boolean readOnly = text.endsWith(READ_ONLY);
    Path named = Path.of(readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text);
    try {
      Path path = named.toAbsolutePath().toRealPath();
      if (!Files.isDirectory(path)) {
        throw bad(path + " is no folder").next("Share the folder that it is in.");
      }
      refuseTooMuch(path);
      return new SharedFolder(path, readOnly);
    } catch (IOException absent) {
      throw bad("there is no folder " + named).causedBy(absent);
    }
  }

  /** Neither the system nor the whole home: a machine runs programs of others. */
  private static void refuseTooMuch(Path path) throws IOException {
    Path home = Path.of(System.getProperty("user.home", "/root"));
    boolean wholeHome = Files.exists(home) && home.toRealPath().startsWith(path);
    if (wholeHome || path.getNameCount() < 2) {
      throw bad(path + " is not shared as a whole")
          .because(
              wholeHome
                  ? "it holds your home directory with all its keys and passwords"
                  : "it belongs to the system")
          .next("Share the folder in it that the machine needs.");
    }
  }

  private static Failure bad(String what) {
    return Failure.of(FailureCode.BAD_SHARE, what);
  }

  /** Whether the folder is still where it was: a link in its place is somebody else's doing. */
  boolean present() {
    try {
      return Files.isDirectory(path) && path.toRealPath().equals(path);
    } catch (IOException gone) {
      return false;
    }
  }

  /** Where a machine sees it. */
  public String target() {
    return TARGET + path;
  }

  /** How it is written down; unlike what people type, it is never looked up. */
  String written() {
    return (readOnly ? "ro:" : "rw:") + path;
  }

  /** Reads what {@link #written} wrote. */
  static SharedFolder of(String written) {
    return new SharedFolder(Path.of(written.substring("rw:".length())), written.startsWith("ro:"));
  }
}
