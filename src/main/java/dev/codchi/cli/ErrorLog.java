package dev.codchi.cli;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.files.LogFile;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * {@code codchi.log} in the data directory: failures with their causes, for whoever looks into
 * them. Known secrets are masked.
 */
@ApplicationScoped
public class ErrorLog {
  private static final String FILE = "codchi.log";

  private final Supplier<Path> logs;
  private final KnownValues known;

  @Inject
  ErrorLog(Instance<Settings> settings, KnownValues known) {
    this(() -> settings.get().directories().logs(), known);
  }

  /** Writes into this directory, which is asked for when there is something to write. */
  ErrorLog(Supplier<Path> logs, KnownValues known) {
    this.logs = logs;
    this.known = known;
  }

  /**
   * Appends a failure. A log that cannot be written must not hide the failure itself, so it is then
   * left out.
   */
  void record(Throwable thrown) {
    StringWriter text = new StringWriter();
    if (thrown instanceof Failure failure) {
      text.append(failure.code().id()).append(' ');
      text.append(failure.why() == null ? "" : "(" + failure.why() + ") ");
    }
    thrown.printStackTrace(new PrintWriter(text, true));
    append(text.toString());
  }

  /** Appends a line on what was done where nobody looks on; left out like a failure. */
  void note(String line) {
    append(line + "\n");
  }

  /**
   * Where the log is, if there is one.
   *
   * @return nothing, too, where the settings that say it cannot be read
   */
  Optional<Path> find() {
    try {
      return Optional.of(logs.get().resolve(FILE)).filter(Files::isRegularFile);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private void append(String text) {
    try {
      Path directory = logs.get();
      if (!Files.isDirectory(directory)) {
        return;
      }
      Path log = directory.resolve(FILE);
      LogFile.limit(log);
      Files.writeString(
          log,
          Instant.now() + " pid " + ProcessHandle.current().pid() + " " + known.redact(text),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException | RuntimeException e) {
      Logger.getLogger(ErrorLog.class).debug("no log", e);
    }
  }
}
