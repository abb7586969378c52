package dev.codchi.driver.lxd;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Whether the host lets the daemon map the person's ids into a container. {@code newuidmap} and
 * {@code newgidmap} grant root only what {@code /etc/subuid} and {@code /etc/subgid} list
 * (subuid(5)); without the lines a container fails to start after five seconds, with a message that
 * does not name the cause, and leaves a network interface behind. So they are checked before.
 *
 * @param uids {@code /etc/subuid}
 * @param gids {@code /etc/subgid}
 * @param helper {@code newuidmap}; without it the kernel is asked directly and no lines are needed
 */
record SubordinateIds(Path uids, Path gids, Path helper) {
  private static final Logger LOG = Logger.getLogger(SubordinateIds.class);

  /** The host's own files. */
  static final SubordinateIds HOST =
      new SubordinateIds(
          Path.of("/etc/subuid"), Path.of("/etc/subgid"), Path.of("/usr/bin/newuidmap"));

  /**
   * Checks an instance's {@code raw.idmap}, line by line {@code uid HOST INSIDE}, {@code gid HOST
   * INSIDE} or {@code both HOST INSIDE}.
   *
   * @throws Failure {@code LXD_SUBIDS}, naming the missing lines
   */
  void check(String idmap) {
    if (!Files.exists(helper)) {
      return;
    }
    List<String> missing = missing(idmap);
    if (!missing.isEmpty()) {
      throw failure(missing);
    }
  }

  /** What has to be added, as {@code FILE: LINE}. */
  private List<String> missing(String idmap) {
    List<String> missing = new ArrayList<>();
    for (String line : idmap.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length == 3) {
        if (!words[0].equals("gid") && !allowed(uids, words[1])) {
          missing.add(uids + ": root:" + words[1] + ":1");
        }
        if (!words[0].equals("uid") && !allowed(gids, words[1])) {
          missing.add(gids + ": root:" + words[1] + ":1");
        }
      }
    }
    return missing;
  }

  /** The failure that names every line the id map would need. */
  static Failure failure(List<String> lines) {
    return Failure.of(
            FailureCode.LXD_SUBIDS, "This computer does not let containers use your user id yet")
        .because("These lines are missing: " + String.join(", ", lines))
        .next(
            "As root: "
                + String.join(
                    "; ",
                    lines.stream()
                        .map(line -> line.split(": ", 2))
                        .map(parts -> "echo " + parts[1] + " >> " + parts[0])
                        .toList()));
  }

  /** The failure for a start that {@code newuidmap} refused although the files looked right. */
  Failure refused(String idmap, String said) {
    List<String> all = new ArrayList<>();
    for (String line : idmap.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length == 3) {
        all.add((words[0].equals("gid") ? gids : uids) + ": root:" + words[1] + ":1");
      }
    }
    return failure(all).because("The id mapping was refused: " + said);
  }

  private static boolean allowed(Path file, String id) {
    long wanted = Long.parseLong(id);
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException absent) {
      return false;
    } catch (IOException unreadable) {
      // Whoever cannot read the file cannot know; the daemon, which can, decides at the start.
      return true;
    }
    for (String line : lines) {
      String[] parts = line.strip().split(":", -1);
      if (parts.length == 3 && (parts[0].equals("root") || parts[0].equals("0"))) {
        try {
          long first = Long.parseLong(parts[1]);
          if (first <= wanted && wanted < first + Long.parseLong(parts[2])) {
            return true;
          }
        } catch (NumberFormatException broken) {
          LOG.debugf("%s has a line that means nothing: %s", file, line);
        }
      }
    }
    return false;
  }
}
