package dev.codchi.driver;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The person that codchi works for, and the files that belong to that person. When codchi is run by
 * root, host root is not mapped into any container; an id that nobody else has (the last of root's
 * own subordinate ids) stands for the person, and files are given to it.
 */
public final class Person {
  private static final Path SUBORDINATE_IDS = Path.of("/etc/subuid");

  /** LXD's own range where the host names none (LXD documentation, "Idmaps for user namespace"). */
  private static final long DEFAULT_LAST_ID = 1_000_999_999L;

  private final HostIdentity identity;
  private final boolean root;

  private Person(HostIdentity identity, boolean root) {
    this.identity = identity;
    this.root = root;
  }

  /** Whoever runs this process. */
  public static Person current() {
    try {
      Path self = Path.of("/proc/self");
      int uid = (Integer) Files.getAttribute(self, "unix:uid");
      int gid = (Integer) Files.getAttribute(self, "unix:gid");
      if (uid != 0) {
        return new Person(new HostIdentity(uid, gid == 0 ? uid : gid), false);
      }
      List<String> lines =
          Files.exists(SUBORDINATE_IDS) ? Files.readAllLines(SUBORDINATE_IDS) : List.of();
      int reserved = lastSubordinateId(lines);
      return new Person(new HostIdentity(reserved, reserved), true);
    } catch (IOException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot find out who runs codchi")
          .because(e.toString())
          .causedBy(e);
    }
  }

  /**
   * The last id of root's largest range, lines being {@code name:first:count} as subuid(5) says.
   */
  static int lastSubordinateId(List<String> lines) {
    long last = -1;
    long largest = 0;
    for (String line : lines) {
      String[] parts = line.strip().split(":");
      if (parts.length == 3 && (parts[0].equals("root") || parts[0].equals("0"))) {
        long count = Long.parseLong(parts[2]);
        if (count > largest) {
          largest = count;
          last = Long.parseLong(parts[1]) + count - 1;
        }
      }
    }
    return Math.toIntExact(largest > 1 ? last : DEFAULT_LAST_ID);
  }

  /** Who that is on the host. */
  public HostIdentity identity() {
    return identity;
  }

  /** Whether codchi runs as root. */
  public boolean root() {
    return root;
  }

  /**
   * Makes sure that a directory exists and belongs to the person.
   *
   * @param mode nine permission letters, for example {@code rwxr-xr-x}; only for a directory that
   *     is made now
   * @throws Failure {@code DIRECTORY_UNUSABLE}
   */
  public Path directory(Path directory, String mode) {
    try {
      if (!Files.isDirectory(directory)) {
        Path parent = directory.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
      }
      own(directory);
      return directory;
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot make the directory " + directory)
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** Gives a file, directory or link to the person; nothing to do unless codchi runs as root. */
  public void own(Path path) throws IOException {
    if (root) {
      Files.setAttribute(path, "unix:uid", identity.uid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", identity.gid(), LinkOption.NOFOLLOW_LINKS);
    }
  }
}
