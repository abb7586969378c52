package dev.codchi.progress;

import java.util.List;
import java.util.function.IntFunction;

/** Receives what an operation is doing. Implementations are safe for use from several threads. */
public interface Progress {
  /**
   * Begins a step that people may have to wait for; closing it ends it. Steps may be nested.
   *
   * @param what in the present tense, for example {@code "Starting the store"}
   */
  Step begin(String what);

  /** Tells a fact worth knowing, once. */
  void note(String text);

  /** Tells a fact that the user should act on. */
  void warn(String text);

  /** A line of a tool's own output, shown when details are wanted. */
  void detail(String line);

  /**
   * What a tool is doing right now, in a few lines, replacing the picture before; shown only where
   * lines can be redrawn.
   *
   * @param lines the picture for a width in columns, asked for only when it is drawn
   */
  void picture(IntFunction<List<String>> lines);

  /** A step under way. */
  interface Step extends AutoCloseable {
    /** How far it is, replacing what was said before, for example {@code "12 of 40 MB"}. */
    void update(String state);

    @Override
    void close();
  }
}
