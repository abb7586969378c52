package dev.codchi.store.nixlog;

import java.util.ArrayList;
import java.util.List;

/** A snapshot as lines that are redrawn on a terminal. */
public final class LiveTree {
  private LiveTree() {}

  /**
   * The lines, none wider than the terminal.
   *
   * @param width columns, at least 1
   * @param height most lines, at least 1; what does not fit is counted in the last one
   */
  public static List<String> lines(NixProgress.Snapshot snapshot, int width, int height) {
    List<String> lines = new ArrayList<>();
    lines.add(summary(snapshot));
    List<NixProgress.Running> running = snapshot.running();
    int room = Math.max(0, height - 1);
    int shown = running.size() <= room ? running.size() : Math.max(0, room - 1);
    for (int at = 0; at < shown; at++) {
      boolean last = at == shown - 1 && shown == running.size();
      lines.add((last ? "└ " : "├ ") + branch(running.get(at)));
    }
    if (shown < running.size() && room > 0) {
      lines.add("└ and %d more".formatted(running.size() - shown));
    }
    return lines.stream().map(line -> fitted(line, width)).toList();
  }

  private static String summary(NixProgress.Snapshot snapshot) {
    List<String> parts = new ArrayList<>();
    NixProgress.Counts builds = snapshot.builds();
    if (builds.expected() > 0) {
      parts.add(
          "%d/%d built%s"
              .formatted(
                  builds.done(),
                  builds.expected(),
                  builds.failed() > 0 ? ", %d failed".formatted(builds.failed()) : ""));
    }
    NixProgress.Counts fetches = snapshot.fetches();
    if (fetches.expected() > 0) {
      String bytes =
          snapshot.expectedBytes() > 0
              ? " (%s of %s)"
                  .formatted(
                      ProgressText.bytes(snapshot.bytes()),
                      ProgressText.bytes(snapshot.expectedBytes()))
              : "";
      parts.add("%d/%d fetched%s".formatted(fetches.done(), fetches.expected(), bytes));
    }
    if (parts.isEmpty()) {
      parts.add(snapshot.step().isEmpty() ? "evaluating" : snapshot.step());
    }
    return String.join(" · ", parts) + " · " + ProgressText.duration(snapshot.elapsed());
  }

  private static String branch(NixProgress.Running running) {
    String elapsed = ProgressText.duration(running.elapsed());
    String amount =
        running.expected() > 0
            ? " %s of %s"
                .formatted(
                    ProgressText.bytes(running.done()), ProgressText.bytes(running.expected()))
            : "";
    String detail = running.detail().isEmpty() ? "" : " · " + running.detail();
    return switch (running.kind()) {
      case BUILD -> "building " + running.name() + " · " + elapsed + detail;
      case COPY_PATH -> "fetching " + running.name() + amount + " · " + elapsed;
      default -> "downloading " + running.name() + amount + " · " + elapsed;
    };
  }

  /** Cut to the width, in characters; wide ones count two. */
  private static String fitted(String line, int width) {
    StringBuilder fitted = new StringBuilder();
    int columns = 0;
    int length = columns(line);
    for (int at = 0; at < line.length(); ) {
      int character = line.codePointAt(at);
      int wide = columns(character);
      if (length > width && columns + wide > width - 1) {
        return fitted.append('…').toString();
      }
      fitted.appendCodePoint(character == '\t' || character == '\n' ? ' ' : character);
      columns += wide;
      at += Character.charCount(character);
    }
    return fitted.toString();
  }

  private static int columns(String text) {
    return text.codePoints().map(LiveTree::columns).sum();
  }

  private static int columns(int character) {
    if (Character.getType(character) == Character.NON_SPACING_MARK) {
      return 0;
    }
    boolean wide =
        (character >= 0x1100 && character <= 0x115f)
            || (character >= 0x2e80 && character <= 0xa4cf)
            || (character >= 0xac00 && character <= 0xd7a3)
            || (character >= 0xf900 && character <= 0xfaff)
            || (character >= 0xfe30 && character <= 0xfe6f)
            || (character >= 0xff00 && character <= 0xff60)
            || (character >= 0x1f300 && character <= 0x1faff)
            || (character >= 0x20000 && character <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
