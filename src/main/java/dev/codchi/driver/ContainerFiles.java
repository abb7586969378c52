package dev.codchi.driver;

import java.io.InputStream;

/**
 * Files inside containers, running or not. Mounted directories are visible only while the container
 * runs.
 */
public interface ContainerFiles {
  /** Writes a whole file, replacing one that exists. Parent directories must exist. Idempotent. */
  void write(String container, String path, byte[] content, FileOwner owner);

  /**
   * Creates a directory; one that exists is left as it is. Parent directories must exist.
   * Idempotent.
   */
  void makeDirectory(String container, String path, FileOwner owner);

  /** Creates a symbolic link, replacing a link that exists. */
  void link(String container, String path, String target);

  /**
   * Opens a file for reading; the caller closes the stream. Fails with {@code CONTAINER_MISSING}
   * when there is no such container or file.
   */
  InputStream read(String container, String path);

  /** Removes a file or an empty directory. Idempotent: a missing one is no failure. */
  void remove(String container, String path);
}
