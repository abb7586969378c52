package dev.codchi.hostintegration.tray;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.files.JsonText;
import dev.codchi.process.HostProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;

/**
 * What the tray was asked to do. Each job is a codchi of its own, so that it is the codchi that is
 * installed now, and goes on when the tray ends.
 */
final class TrayJobs {
  /** A build can take hours; one that takes longer has lost its way. */
  private static final Duration LIMIT = Duration.ofDays(1);

  private final Path launcher;
  private final BiConsumer<String, String> tell;
  private final Runnable changed;
  private final Map<String, String> running = new ConcurrentSkipListMap<>();

  /**
   * No jobs yet.
   *
   * @param tell shows a title and a text to the person
   * @param changed told when a job begins or ends
   */
  TrayJobs(Path launcher, BiConsumer<String, String> tell, Runnable changed) {
    this.launcher = launcher;
    this.tell = tell;
    this.changed = changed;
  }

  /** What is being done, by what it is done to. */
  Map<String, String> running() {
    return Map.copyOf(running);
  }

  /**
   * Does something and returns when it is done; nothing when the same thing is busy already. A
   * failure is shown.
   *
   * @param subject what it is done to, for example a machine's name
   * @param doing in the present tense, for example {@code "Starting web"}
   * @param arguments of codchi
   */
  void run(String subject, String doing, String... arguments) {
    if (running.putIfAbsent(subject, doing) != null) {
      return;
    }
    changed.run();
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "--no-input", "--json"));
    command.addAll(List.of(arguments));
    String trouble = "";
    try {
      HostProgram.Result result = HostProgram.run(command, LIMIT);
      trouble = result.status() == 0 ? "" : reason(result);
    } catch (Failure failed) {
      trouble = failed.what();
    } finally {
      running.remove(subject);
      changed.run();
    }
    if (!trouble.isEmpty()) {
      tell.accept(doing + " did not work", trouble);
    }
  }

  /** The last line of standard error is the failure; see {@code docs/json.md}. */
  private static String reason(HostProgram.Result result) {
    List<String> lines = result.errors().strip().lines().toList();
    String last = lines.isEmpty() ? "status " + result.status() : lines.getLast();
    try {
      JsonNode failure = JsonText.MAPPER.readTree(last);
      if (failure != null && failure.path("schema").asText().startsWith("codchi/error/")) {
        String why = failure.path("why").asText("");
        return failure.path("what").asText()
            + (why.isEmpty() || why.equals("null") ? "" : ": " + why)
            + "\n"
            + failure.path("next").asText();
      }
    } catch (IOException notJson) {
      return last;
    }
    return last;
  }
}
