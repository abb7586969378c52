package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.PrintStream;

/**
 * Prints failures: what, why, what to do next, and the stable code. No stack traces; the log file
 * has them. Known secrets are masked.
 */
@ApplicationScoped
public class FailurePrinter {
  private final Console console;
  private final ConsoleProgress progress;
  private final ErrorLog log;
  private final KnownValues known;

  FailurePrinter(Console console, ConsoleProgress progress, ErrorLog log, KnownValues known) {
    this.console = console;
    this.progress = progress;
    this.log = log;
    this.known = known;
  }

  /**
   * Prints one failure.
   *
   * @return the exit status that belongs to it
   */
  int print(Throwable thrown) {
    progress.clear();
    log.record(thrown);
    Undo.wrongAfter(thrown).forEach(this::warnOfWhatIsLeft);
    Failure failure = masked(understood(thrown));
    PrintStream err = console.err();
    if (console.json()) {
      err.println(Json.failure(failure));
    } else {
      boolean color = console.colored(2);
      err.println((color ? "\033[1;31merror:\033[0m " : "error: ") + failure.what());
      if (failure.why() != null) {
        err.println(indent("why:  ", failure.why()));
      }
      err.println(indent("next: ", failure.nextStep()));
      err.println("  code: " + failure.code().id());
    }
    err.flush();
    return failure.code().status().number();
  }

  private void warnOfWhatIsLeft(Throwable wrong) {
    String why = wrong instanceof Failure left && left.why() != null ? " (" + left.why() + ")" : "";
    progress.warn("what was begun could not be undone yet: " + wrong.getMessage() + why);
  }

  /**
   * Tells of what ended a thread beside the command's own, in place of Java's stack trace. The
   * command goes on, and has a status of its own.
   */
  void aside(Throwable thrown) {
    log.record(thrown);
    progress.warn(
        "a part of codchi ended unexpectedly: %s (%s)"
            .formatted(thrown, FailureCode.UNEXPECTED_ERROR.id()));
  }

  /** Other programs' words, which a failure quotes, may hold a value. */
  private Failure masked(Failure failure) {
    return Failure.of(failure.code(), known.redact(failure.what()))
        .because(failure.why() == null ? null : known.redact(failure.why()))
        .next(known.redact(failure.nextStep()));
  }

  private Failure understood(Throwable thrown) {
    // Whatever broke because of Ctrl-C, a connection for example, is not what went wrong.
    if (Thread.currentThread().isInterrupted()) {
      return Failure.interrupted(thrown);
    }
    if (thrown instanceof Failure failure) {
      return failure;
    }
    Failure unexpected =
        Failure.of(FailureCode.UNEXPECTED_ERROR, "codchi met something that it does not understand")
            .because(String.valueOf(thrown))
            .causedBy(thrown);
    return log.find()
        .map(file ->
            unexpected.next(
                "Run again with -v; if it fails again, report it with what %s has of it."
                    .formatted(file)))
        .orElse(unexpected);
  }

  private static String indent(String label, String text) {
    return "  " + label + text.strip().replace("\n", "\n        ");
  }
}
