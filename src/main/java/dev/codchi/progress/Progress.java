package dev.codchi.progress;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Receives what an operation is doing. Implementations are safe for use from several threads. */
public interface Progress {
  /** Tells nobody anything, for what is done by the way. */
  Progress SILENT =
      new Progress() {
        @Override
        public Step begin(String what) {
          return new Step() {
            @Override
            public void update(String state) {}

            @Override
            public void close() {}
          };
        }

        @Override
        public void note(String text) {}

        @Override
        public void warn(String text) {}

        @Override
        public void detail(String line) {}

        @Override
        public void picture(IntFunction<List<String>> lines) {}
      };

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

  /**
   * Something that programs may want to know, which people are told in other ways; nothing where
   * nobody reads events.
   *
   * @param kind what happened, for example {@code build_began}
   * @param values what is known of it: texts and whole numbers
   */
  default void event(String kind, Map<String, Object> values) {}

  /** A step under way. */
  interface Step extends AutoCloseable {
    /** How far it is, replacing what was said before, for example {@code "12 of 40 MB"}. */
    void update(String state);

    @Override
    void close();
  }
}
