package dev.codchi.hostintegration.tray;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.ExamineHost;
import dev.codchi.machines.ExamineHost.Finding;
import dev.codchi.machines.ExamineHost.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Tells the person what {@code codchi doctor} finds wrong, each finding once: what was told is
 * remembered, also over sessions, until it is no longer found.
 */
@ApplicationScoped
public class TellFindings {
  private static final String NO_DAEMON = "container daemon";

  private static final Set<FailureCode> UNREACHABLE =
      Set.of(
          FailureCode.LXD_SOCKET_MISSING,
          FailureCode.LXD_NOT_RUNNING,
          FailureCode.LXD_CONNECTION_LOST);

  private final Settings settings;
  private final ExamineHost examineHost;

  TellFindings(Settings settings, ExamineHost examineHost) {
    this.settings = settings;
    this.examineHost = examineHost;
  }

  /** Looks at everything, and shows titles and texts of what is new. */
  synchronized void tell(BiConsumer<String, String> show) {
    Path file = settings.directories().data().resolve("told-findings");
    List<String> told =
        WholeFile.read(file)
            .map(text -> new String(text, StandardCharsets.UTF_8).lines().toList())
            .orElse(List.of());
    Set<String> found = new LinkedHashSet<>();
    for (Finding finding : examineHost.examine()) {
      if (finding.verdict() == Verdict.OK) {
        continue;
      }
      String trouble = trouble(finding);
      if (found.add(trouble) && !told.contains(trouble)) {
        show.accept(
            "codchi: " + (trouble.equals(NO_DAEMON) ? NO_DAEMON : finding.subject()),
            finding.finding()
                + finding.failure().map(Failure::nextStep).map(next -> "\n" + next).orElse(""));
      }
    }
    if (!List.copyOf(found).equals(told)) {
      WholeFile.write(file, String.join("\n", found), 0600);
    }
  }

  /**
   * What tells one trouble from another, in one line. A daemon that ends while the host is looked
   * at spoils all that is asked of it, and its socket may go later than its process: still one
   * trouble.
   */
  static String trouble(Finding finding) {
    return finding
        .failure()
        .filter(failure -> UNREACHABLE.contains(failure.code()))
        .map(_ -> NO_DAEMON)
        .orElseGet(() -> (finding.subject() + ": " + finding.finding()).replaceAll("\\s+", " "));
  }
}
