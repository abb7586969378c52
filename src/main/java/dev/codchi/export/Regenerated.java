package dev.codchi.export;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is not taken along, because every NixOS makes it anew, or because it belongs to this
 * computer. All names are relative to the machine's root.
 */
final class Regenerated {
  /**
   * Left out with everything below: the store, the kernel's, the memory's, what activation links.
   */
  private static final List<String> TREES =
      List.of(
          "nix",
          "dev",
          "proc",
          "sys",
          "run",
          "tmp",
          "bin",
          "sbin",
          "lib",
          "lib32",
          "lib64",
          "usr",
          "var/run",
          "var/lock",
          "var/tmp",
          "var/empty",
          "var/.updated",
          "var/cache/ldconfig",
          // Indexed by the identity of a system that the target is not.
          "var/log/journal",
          // Seen by the machine, but the host's.
          "var/lib/codchi",
          // Identities and seeds that no two systems may share.
          "etc/machine-id",
          "var/lib/systemd/random-seed",
          "var/lib/systemd/credential.secret",
          "var/lib/dbus/machine-id");

  /** Accounts come from the configuration, and names, links and caches from activation. */
  private static final Set<String> ETC =
      Set.of(
          "static",
          ".clean",
          ".updated",
          ".pwd.lock",
          "NIXOS",
          "passwd",
          "passwd-",
          "group",
          "group-",
          "shadow",
          "shadow-",
          "gshadow",
          "gshadow-",
          "subuid",
          "subuid-",
          "subgid",
          "subgid-",
          "hostname",
          "hosts",
          "resolv.conf",
          "mtab",
          "ld.so.cache",
          "nixos",
          "codchi-env",
          "codchi-secrets");

  private final Set<String> written = new HashSet<>();

  /**
   * @param clean NixOS' own list of the files that it wrote to {@code /etc} ({@code /etc/.clean}),
   *     one relative name a line
   */
  Regenerated(String clean) {
    clean.lines().filter(line -> !line.isBlank()).forEach(line -> written.add("etc/" + line));
  }

  /** What GNU tar need not even look at, as anchored patterns. */
  static List<String> trees() {
    return TREES.stream().map(tree -> "./" + tree).toList();
  }

  /** Whether a member is in one of the trees that are left out as a whole. */
  static boolean isInTree(String name) {
    return TREES.stream().anyMatch(tree -> name.equals(tree) || name.startsWith(tree + "/"));
  }

  /** Whether a member is left out. */
  boolean contains(TarEntry entry) {
    String name = entry.name();
    if (name.isEmpty()) {
      return true; // the root itself: the target has its own
    }
    if (!name.startsWith("etc/")) {
      return false;
    }
    int end = name.indexOf('/', 4);
    String first = name.substring(4, end < 0 ? name.length() : end);
    boolean toStore =
        entry.type() == TarEntry.SYMBOLIC_LINK
            && (entry.link().startsWith("/etc/static/") || entry.link().startsWith("/nix/store/"));
    return ETC.contains(first) || toStore || written.contains(name);
  }
}
