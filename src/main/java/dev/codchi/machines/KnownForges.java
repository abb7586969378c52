package dev.codchi.machines;

import java.util.List;
import java.util.Set;

/** What a host's name tells about the software that it runs. */
final class KnownForges {
  private static final Set<String> SMART =
      Set.of(
          "github.com",
          "gitlab.com",
          "codeberg.org",
          "git.sr.ht",
          "bitbucket.org",
          "dev.azure.com",
          "gitea.com",
          "gist.github.com");

  private static final List<String> SOFTWARE = List.of("gitlab", "gitea", "forgejo", "github");

  private KnownForges() {}

  /**
   * Whether the host runs git behind its web server, so that it can leave out history. Servers that
   * only offer files cannot, and git then fails.
   */
  static boolean speaksSmartHttp(String host) {
    String name = withoutPort(host);
    return SMART.contains(name) || SOFTWARE.stream().anyMatch(s -> hasLabel(name, s));
  }

  /** Whether one of the labels of the host's name is, or starts with, this word. */
  static boolean hasLabel(String host, String word) {
    for (String label : withoutPort(host).split("\\.", -1)) {
      if (label.equals(word) || label.startsWith(word + "-") || label.endsWith("-" + word)) {
        return true;
      }
    }
    return false;
  }

  static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]+$", "");
  }

  static boolean hasPort(String host) {
    return !withoutPort(host).equals(host);
  }
}
