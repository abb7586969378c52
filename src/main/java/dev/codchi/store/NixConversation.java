package dev.codchi.store;

import dev.codchi.failure.Failure;
import dev.codchi.progress.Progress;
import dev.codchi.redaction.KnownValues;
import dev.codchi.store.nixlog.Happening;
import dev.codchi.store.nixlog.LiveTree;
import dev.codchi.store.nixlog.NixErrors;
import dev.codchi.store.nixlog.NixEvent;
import dev.codchi.store.nixlog.NixLogParser;
import dev.codchi.store.nixlog.NixProgress;
import dev.codchi.store.nixlog.PlainLines;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What nix says while it runs: takes its log apart line by line, tells people, keeps all of it, and
 * explains a failure with it.
 */
final class NixConversation extends OutputStream {
  /** Lines of the picture of what runs now; more would push away what was on the screen before. */
  private static final int PICTURE_HEIGHT = 8;

  /**
   * Warnings that people can do something about: those of NixOS modules. Others tell of usual work,
   * such as "creating lock file", or of attempts whose failure is reported anyway; they are
   * details.
   */
  private static final String OF_THE_MODULES = "evaluation warning:";

  private final Progress progress;
  private final KnownValues known;
  private final NixLog log;
  private final Path logFile;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final NixProgress state = new NixProgress(InstantSource.system());
  private final NixErrors errors = new NixErrors();
  private final PlainLines plain = new PlainLines(true);

  /**
   * A conversation.
   *
   * @param command what nix was asked, for the log
   * @param logFile receives everything that nix says, in plain lines, after what earlier ones said
   * @param known masked in all of it
   */
  NixConversation(List<String> command, Path logFile, Progress progress, KnownValues known) {
    this.progress = progress;
    this.known = known;
    this.logFile = logFile;
    this.log = NixLog.append(logFile, progress);
    log.line("# " + Instant.now() + " " + known.redact(String.join(" ", command)));
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      take();
    } else {
      line.write(b);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        line.write(bytes, from, at - from);
        take();
        from = at + 1;
      }
    }
    line.write(bytes, from, offset + length - from);
  }

  private void take() {
    String text = known.redact(line.toString(StandardCharsets.UTF_8));
    line.reset();
    NixEvent event = NixLogParser.parse(text);
    List<Happening> happenings = state.accept(event);
    errors.accept(event, state);
    for (Happening happening : happenings) {
      if (happening instanceof Happening.Erred(String words)) {
        log.line(words);
      }
      if (happening instanceof Happening.Warned(String words) && words.contains(OF_THE_MODULES)) {
        progress.note("nix: " + words);
      }
      event(happening);
      String told = plain.line(happening).orElse("");
      if (!told.isEmpty()) {
        log.line(told);
        progress.detail(told);
      }
    }
    progress.picture(width -> LiveTree.lines(state.snapshot(), width, PICTURE_HEIGHT));
  }

  private void event(Happening happening) {
    switch (happening) {
      case Happening.BuildBegan(String name, String derivation) ->
          progress.event("build_began", Map.of("name", name, "derivation", derivation));
      case Happening.BuildEnded(String name, String derivation, Duration elapsed) ->
          progress.event(
              "build_ended",
              Map.of("name", name, "derivation", derivation, "millis", elapsed.toMillis()));
      case Happening.Fetched(String name, String path, String from, long bytes, Duration elapsed) ->
          progress.event(
              "fetched",
              Map.of(
                  "name", name,
                  "path", path,
                  "from", from,
                  "bytes", bytes,
                  "millis", elapsed.toMillis()));
      case Happening.Step _,
          Happening.Warned _,
          Happening.Erred _,
          Happening.BuilderLine _,
          Happening.Said _ -> {}
    }
  }

  /** Takes a last line that has no end. */
  @Override
  public void close() {
    if (line.size() > 0) {
      take();
    }
    log.close();
  }

  /** The failure that nix's words amount to. */
  Failure failure(int status) {
    Failure failure = NixFailures.of(errors, status);
    return log.isWhole()
        ? failure.next(failure.nextStep() + " The whole log is " + logFile + ".")
        : failure;
  }
}
