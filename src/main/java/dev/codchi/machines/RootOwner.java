package dev.codchi.machines;

import dev.codchi.store.StoreRoots;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in people's words what keeps a part of the store. */
final class RootOwner {
  private static final Pattern GENERATION =
      Pattern.compile("/nix/var/nix/profiles/per-machine/([^/]+)/system-(\\d+)-link");
  private static final Pattern PROFILE =
      Pattern.compile("/nix/var/nix/profiles/per-machine/([^/]+)/(.+)");
  private static final Pattern RUNNING =
      Pattern.compile(Pattern.quote(StoreRoots.RUNNING) + "/([^/]+)/\\d+");
  private static final Pattern HOME = Pattern.compile("/data/machine/([^/]+)/(.+)");
  private static final Pattern STAGED = Pattern.compile("/config/machine/([^/]+)/.+");

  private RootOwner() {}

  /** The words for a root. */
  static String of(String link) {
    Matcher generation = GENERATION.matcher(link);
    if (generation.matches()) {
      return generation(generation.group(1), Integer.parseInt(generation.group(2)));
    }
    Matcher profile = PROFILE.matcher(link);
    if (profile.matches()) {
      return "machine " + profile.group(1) + ", profile " + profile.group(2);
    }
    Matcher running = RUNNING.matcher(link);
    if (running.matches()) {
      return "machine " + running.group(1) + ", programs that run";
    }
    Matcher home = HOME.matcher(link);
    if (home.matches()) {
      return "machine " + home.group(1) + ", link ~/" + home.group(2);
    }
    Matcher staged = STAGED.matcher(link);
    if (staged.matches()) {
      return "machine " + staged.group(1) + ", build under way";
    }
    return link.startsWith("/nix/var/nix/profiles/") ? "the store's own programs" : "the store";
  }

  /** The words for a generation. */
  static String generation(String machine, int number) {
    return "machine " + machine + ", generation " + number;
  }
}
