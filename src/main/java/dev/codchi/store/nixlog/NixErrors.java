package dev.codchi.store.nixlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What explains a failure of nix: its errors, warnings, the words of git and ssh, and the last
 * lines of builds that failed. Bounded, whatever nix writes. Not safe for use from several threads.
 */
public final class NixErrors {
  private static final int MOST = 200;
  private static final Pattern FAILED_BUILD =
      Pattern.compile("(?:builder for|Cannot build) '([^']+\\.drv)'");

  private final Deque<String> errors = new ArrayDeque<>();
  private final Deque<String> warnings = new ArrayDeque<>();
  private final Deque<String> foreign = new ArrayDeque<>();
  private final Map<String, List<String>> logs = new LinkedHashMap<>();

  /**
   * Takes one event.
   *
   * @param progress which has already taken the same event, for the last lines of builds
   */
  public void accept(NixEvent event, NixProgress progress) {
    switch (event) {
      case NixEvent.Message(int level, String text) when level == NixEvent.ERROR -> {
        add(errors, text);
        Matcher failed = FAILED_BUILD.matcher(text);
        while (failed.find() && logs.size() < MOST) {
          String derivation = failed.group(1);
          progress.logTail(derivation).ifPresent(tail -> logs.put(derivation, tail));
        }
      }
      case NixEvent.Message(int level, String text) when level == NixEvent.WARNING ->
          add(warnings, text);
      case NixEvent.Foreign(String line) -> add(foreign, line);
      default -> {}
    }
  }

  /** Nix's errors, oldest first. */
  public List<String> errors() {
    return new ArrayList<>(errors);
  }

  /** Nix's warnings, oldest first. */
  public List<String> warnings() {
    return new ArrayList<>(warnings);
  }

  /** What was not nix's: usually git's and ssh's words. Plain-text output of nix is here, too. */
  public List<String> foreign() {
    return new ArrayList<>(foreign);
  }

  /** The last lines of the failed build; empty if it wrote none. */
  public List<String> log(String derivation) {
    return logs.getOrDefault(derivation, List.of());
  }

  private static void add(Deque<String> lines, String line) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }
}
