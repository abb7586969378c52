package dev.codchi.store.nixlog;

import java.time.Duration;

/** What happened, as far as people want to be told line by line. */
public sealed interface Happening {
  /**
   * A build began.
   *
   * @param name without hash
   * @param derivation the derivation's store path
   */
  record BuildBegan(String name, String derivation) implements Happening {}

  /** A build ended; whether it succeeded is said by errors alone. */
  record BuildEnded(String name, String derivation, Duration elapsed) implements Happening {}

  /**
   * A path came from a cache.
   *
   * @param bytes unpacked; 0 where nix did not say
   */
  record Fetched(String name, String path, String from, long bytes, Duration elapsed)
      implements Happening {}

  /** Something else began that takes time, in nix's words. */
  record Step(String text) implements Happening {}

  /** A warning. */
  record Warned(String text) implements Happening {}

  /** An error. */
  record Erred(String text) implements Happening {}

  /** A line of a builder. */
  record BuilderLine(String name, String line) implements Happening {}

  /** A line of git, ssh and the like. */
  record Said(String line) implements Happening {}
}
