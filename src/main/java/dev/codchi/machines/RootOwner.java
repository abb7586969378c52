package dev.codchi.machines;

import dev.codchi.store.StoreRoots;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in people's words what keeps a part of the store. */
final class RootOwner {
  private static final Pattern GENERATION =
      Pattern.compile("/nix/var/nix/profiles/per-machine/([^/]+)/system-(\\d+)-link");
  private static final Pattern PROFILE =
      Pattern.compile("/nix/var/nix/profiles/per-machine/([^/]+)/(.+)");
  private static final Pattern RUNNING =
      Pattern.compile(Pattern.quote(StoreRoots.USES) + "/([^/]+)/\\d+");
  private static final Pattern STAGED = Pattern.compile("/config/machine/([^/]+)/.+");

  private static final String MACHINE = "machine ";

  private RootOwner() {}

  /** The words for programs that run in a machine. */
  static String programs(MachineName machine) {
    return MACHINE + machine + ", programs that run";
  }

  /**
   * The words for a link in a machine.
   *
   * @param path in the machine
   */
  static String link(MachineName machine, String path) {
    String home = MachineContainer.HOME + "/";
    return MACHINE
        + machine
        + ", link "
        + shown(path.startsWith(home) ? "~/" + path.substring(home.length()) : path);
  }

  /** A machine's users choose such names, and terminals obey control characters. */
  private static String shown(String name) {
    return name.replaceAll("\\p{Cntrl}", "�");
  }

  /** The machine whose root this is, by the words for it. */
  static Optional<String> machine(String owner) {
    int end = owner.indexOf(", ");
    return owner.startsWith(MACHINE) && end > 0
        ? Optional.of(owner.substring(MACHINE.length(), end))
        : Optional.empty();
  }

  /**
   * The words for a root.
   *
   * @param link where nix found it, or words already
   */
  static String of(String link) {
    if (!link.startsWith("/")) {
      return link;
    }
    Matcher generation = GENERATION.matcher(link);
    if (generation.matches()) {
      return generation(generation.group(1), Integer.parseInt(generation.group(2)));
    }
    Matcher profile = PROFILE.matcher(link);
    if (profile.matches()) {
      return MACHINE + profile.group(1) + ", profile " + shown(profile.group(2));
    }
    Matcher running = RUNNING.matcher(link);
    if (running.matches()) {
      return MACHINE + running.group(1) + ", as last looked at";
    }
    Matcher staged = STAGED.matcher(link);
    if (staged.matches()) {
      return MACHINE + staged.group(1) + ", build under way";
    }
    return link.startsWith("/nix/var/nix/profiles/") ? "the store's own programs" : "the store";
  }

  /** The words for a generation. */
  static String generation(String machine, int number) {
    return MACHINE + machine + ", generation " + number;
  }
}
