package dev.codchi.store.nixlog;

import java.util.List;

/** One line of nix's log. The identifiers of activities are unique within one run of nix. */
public sealed interface NixEvent {
  /** Levels of messages, from nix's {@code Verbosity}. */
  int ERROR = 0;

  /** Something that nix goes on after. */
  int WARNING = 1;

  /**
   * Nix said something.
   *
   * @param level 0 (error) to 7
   * @param text without colours; may have several lines
   */
  record Message(int level, String text) implements NixEvent {}

  /**
   * An activity began.
   *
   * @param parent the activity that it is a part of; 0: none
   * @param text what nix says about it, without colours; may be empty
   * @param fields what it is about, depending on the kind, for example the derivation's path
   */
  record Started(
      long id, long parent, ActivityKind kind, int level, String text, List<String> fields)
      implements NixEvent {
    /** Copies the fields. */
    public Started {
      fields = List.copyOf(fields);
    }
  }

  /** An activity ended, successfully or not. */
  record Stopped(long id) implements NixEvent {}

  /** How far an activity is, in its own unit (bytes, paths, builds). */
  record Advanced(long id, long done, long expected, long running, long failed)
      implements NixEvent {}

  /** How much of this kind will have to be done, in all. */
  record Expected(long id, ActivityKind kind, long amount) implements NixEvent {}

  /** A builder wrote a line. */
  record BuilderSaid(long id, String line) implements NixEvent {}

  /** A builder began a phase. */
  record Phase(long id, String name) implements NixEvent {}

  /** A line that is not nix's: from git, ssh, or whatever else writes to standard error. */
  record Foreign(String line) implements NixEvent {}

  /** Something that codchi has no use for, or that a newer nix says. */
  record Other() implements NixEvent {}
}
