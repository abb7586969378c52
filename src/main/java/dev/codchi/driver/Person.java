package dev.codchi.driver;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The person that codchi works for, and the files that belong to that person. When codchi is run by
 * root, host root is not mapped into any container; an id that nobody else has (the first behind
 * all subordinate ids) stands for the person, and files are given to it. Which one that is, is kept
 * in a file, because later users' ids come to lie behind it.
 */
public final class Person {
  private static final Path SUBORDINATE_UIDS = Path.of("/etc/subuid");
  private static final Path SUBORDINATE_GIDS = Path.of("/etc/subgid");

  /** A number in one line. */
  private static final Path CHOSEN = Path.of("/var/lib/codchi/person");

  /**
   * Behind LXD's own range where the host names none (LXD documentation, "Idmaps for user
   * namespace").
   */
  private static final long DEFAULT_FREE_ID = 1_001_000_000L;

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
      int reserved = reserved(CHOSEN, SUBORDINATE_UIDS, SUBORDINATE_GIDS);
      allow(SUBORDINATE_UIDS, reserved);
      allow(SUBORDINATE_GIDS, reserved);
      return new Person(new HostIdentity(reserved, reserved), true);
    } catch (IOException e) {
      throw Failure.of(FailureCode.UNEXPECTED_ERROR, "cannot find out who runs codchi")
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** The id that stands for root: the one that was chosen before, else one that is free now. */
  static int reserved(Path chosen, Path uids, Path gids) throws IOException {
    Optional<byte[]> before = WholeFile.read(chosen);
    if (before.isPresent()) {
      return Integer.parseInt(new String(before.get(), StandardCharsets.US_ASCII).strip());
    }
    int free = Math.max(firstFreeId(lines(uids)), firstFreeId(lines(gids)));
    WholeFile.write(chosen, free + "\n", 0644);
    return free;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Root may map that id into containers from now on; subuid(5). Idempotent. */
  private static void allow(Path file, int id) throws IOException {
    String line = "root:" + id + ":1";
    if (!lines(file).contains(line)) {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  /**
   * The first id behind all ranges of subordinate ids, lines being {@code name:first:count} as
   * subuid(5) says. LXD refuses to map an id inside its own range ("Host id is in the range of
   * subids"). Single ids do not count: they are what this method chose before.
   */
  static int firstFreeId(List<String> lines) {
    long free = DEFAULT_FREE_ID;
    boolean found = false;
    for (String line : lines) {
      String[] parts = line.strip().split(":", -1);
      if (parts.length == 3 && !parts[2].equals("1")) {
        long end = Long.parseLong(parts[1]) + Long.parseLong(parts[2]);
        free = found ? Math.max(free, end) : end;
        found = true;
      }
    }
    return Math.toIntExact(free);
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
