package dev.codchi.hostintegration.tray;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.ExamineHost;
import dev.codchi.machines.ExamineHost.Finding;
import dev.codchi.machines.ExamineHost.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Tells the person what {@code codchi doctor} finds wrong, each finding once: what was told is
 * remembered, also over sessions, until it is no longer found.
 */
@ApplicationScoped
public class TellFindings {
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
    List<String> found = new ArrayList<>();
    for (Finding finding : examineHost.examine()) {
      if (finding.verdict() == Verdict.OK) {
        continue;
      }
      String line = (finding.subject() + ": " + finding.finding()).replaceAll("\\s+", " ");
      found.add(line);
      if (!told.contains(line)) {
        show.accept(
            "codchi: " + finding.subject(),
            finding.finding()
                + finding.failure().map(Failure::nextStep).map(next -> "\n" + next).orElse(""));
      }
    }
    if (!found.equals(told)) {
      WholeFile.write(file, String.join("\n", found), 0600);
    }
  }
}
