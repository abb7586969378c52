package dev.codchi.store.nixlog;

import java.util.regex.Pattern;

/** What people call a store path. */
final class StorePathName {
  private static final Pattern HASH = Pattern.compile("^.*/nix/store/[0-9a-z]{32}-");

  private StorePathName() {}

  /** The name without directory, hash and {@code .drv}; other text as it is. */
  static String of(String path) {
    String name = HASH.matcher(path).replaceFirst("");
    return name.endsWith(".drv") ? name.substring(0, name.length() - 4) : name;
  }
}
