package dev.codchi.store.nixlog;

import java.util.Optional;

/** Happenings as lines for logs and for terminals that cannot be redrawn. */
public final class PlainLines {
  private final boolean builderLines;

  /**
   * Lines.
   *
   * @param builderLines with what builders write
   */
  public PlainLines(boolean builderLines) {
    this.builderLines = builderLines;
  }

  /** The line, if there is one. Errors give none: the failure tells them at the end. */
  public Optional<String> line(Happening happening) {
    return switch (happening) {
      case Happening.BuildBegan(String name, String _) -> Optional.of("building " + name);
      case Happening.BuildEnded(String name, String _, var elapsed) ->
          Optional.of("ended " + name + " after " + ProgressText.duration(elapsed));
      case Happening.Fetched(String name, String _, String _, long bytes, var elapsed) ->
          Optional.of(
              "fetched %s%s in %s"
                  .formatted(
                      name,
                      bytes > 0 ? " (" + ProgressText.bytes(bytes) + ")" : "",
                      ProgressText.duration(elapsed)));
      case Happening.Step(String text) -> Optional.of(text);
      case Happening.Warned(String text) -> Optional.of(text);
      case Happening.BuilderLine(String name, String line) ->
          builderLines ? Optional.of(name + "> " + line) : Optional.empty();
      case Happening.Said(String line) -> Optional.of(line);
      case Happening.Erred _ -> Optional.empty();
    };
  }
}
