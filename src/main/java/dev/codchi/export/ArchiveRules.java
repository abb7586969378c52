package dev.codchi.export;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.HashSet;
import java.util.Set;

/**
 * What an archive may hold to be imported, member by member. Unpacking happens inside the machine's
 * container, where nothing outside can be reached; these rules keep a bad archive from getting so
 * far, and name what is bad about it. Not thread-safe.
 */
final class ArchiveRules {
  /** As long as a path can be on Linux (PATH_MAX in limits.h). */
  private static final int LONGEST = 4096;

  /** The largest file that ext4 takes, holes included, in bytes. */
  private static final long LARGEST = 16L << 40;

  private static final int MOST_LINKS = 4_000_000;

  /** From here on, an archive that unpacks to so much more than it is does not come from files. */
  private static final long SUSPICIOUS = 1L << 30;

  private static final int MOST_TIMES = 2000;

  private final long packed;
  private final long room;
  private final Set<String> links = new HashSet<>();
  private long unpacked;

  /**
   * @param packed the archive's own size in bytes
   * @param room how much space there is for what is in it, in bytes
   */
  ArchiveRules(long packed, long room) {
    this.packed = packed;
    this.room = room;
  }

  /**
   * Checks the next member.
   *
   * @throws Failure {@code IMPORT_REFUSED}
   */
  void check(TarEntry entry) {
    String name = entry.name();
    checkPath(entry.path(), entry.path());
    switch (entry.type()) {
      case TarEntry.FILE, TarEntry.SPARSE, TarEntry.DIRECTORY, TarEntry.PIPE -> {}
      case TarEntry.HARD_LINK -> checkPath(entry.link(), entry.path());
      case TarEntry.SYMBOLIC_LINK -> {
        if (entry.link().isEmpty() || entry.link().length() > LONGEST) {
          throw refused(entry.path(), "is a link to nothing");
        }
      }
      case TarEntry.CHARACTER_DEVICE -> {
        // overlayfs marks files that are gone with the device 0/0, which is none.
        if (entry.device() != 0) {
          throw refused(entry.path(), "is a device");
        }
      }
      case TarEntry.BLOCK_DEVICE -> throw refused(entry.path(), "is a device");
      default -> throw refused(entry.path(), "is of a kind that no machine has");
    }
    if (entry.size() < 0 || entry.size() > LARGEST) {
      throw refused(entry.path(), "is larger than any file can be");
    }
    if (entry.type() == TarEntry.SYMBOLIC_LINK) {
      links.add(name);
      if (links.size() > MOST_LINKS) {
        throw refused(entry.path(), "is one link too many");
      }
    } else if (links.contains(name)) {
      throw refused(entry.path(), "would be written through a link of the archive");
    }
    unpacked += entry.stored() + TarInput.BLOCK;
    if (unpacked > room) {
      throw Failure.of(FailureCode.DISK_FULL, "there is no room for what is in the archive")
          .because("it has more than " + room / (1 << 20) + " MiB");
    }
    if (unpacked > SUSPICIOUS && unpacked / MOST_TIMES > packed) {
      throw refused(entry.path(), "makes the archive unpack to " + MOST_TIMES + " times its size");
    }
  }

  private void checkPath(String path, String shown) {
    if (path.isEmpty() || path.length() > LONGEST || path.startsWith("/") || path.indexOf(0) >= 0) {
      throw refused(shown, "is no path below the machine's root");
    }
    StringBuilder above = new StringBuilder();
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].equals("..")) {
        throw refused(shown, "leads out of the machine");
      }
      if (parts[i].isEmpty() || parts[i].equals(".")) {
        continue;
      }
      if (!above.isEmpty() && links.contains(above.toString())) {
        throw refused(shown, "would be written through a link of the archive");
      }
      above.append(above.isEmpty() ? "" : "/").append(parts[i]);
    }
  }

  private static Failure refused(String path, String why) {
    String shown = path.replaceAll("[^\\x20-\\x7e]", "?");
    return Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
        .because(
            "its member '%s' %s"
                .formatted(shown.length() > 120 ? shown.substring(0, 120) + "..." : shown, why));
  }
}
