package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The terminal, or what stands in its place: data goes to standard output, everything else to
 * standard error.
 */
@ApplicationScoped
public class Console {
  /** Whether colour is used. */
  enum Color {
    AUTO,
    ALWAYS,
    NEVER
  }

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Map<String, String> environment = System.getenv();
  private @Nullable BufferedReader answers;
  private int verbosity;
  private boolean json;
  private boolean yes;
  private boolean noInput;
  private Color color = Color.AUTO;

  void moreVerbose(int steps) {
    verbosity += steps;
  }

  void json(boolean on) {
    json = on;
  }

  void yes(boolean on) {
    yes = on;
  }

  void noInput(boolean on) {
    noInput = on;
  }

  void color(Color wanted) {
    color = wanted;
  }

  /** Whether data is printed as JSON. */
  boolean json() {
    return json;
  }

  /** Whether questions are answered with yes. */
  boolean yes() {
    return yes;
  }

  /** 0 is normal, negative is quiet, positive is verbose. */
  int verbosity() {
    return verbosity;
  }

  /** Standard output, for data. */
  PrintStream out() {
    return out;
  }

  /** Standard error, for everything that is not data. */
  PrintStream err() {
    return err;
  }

  /** Whether questions can be asked. */
  boolean interactive() {
    return !noInput && terminal(0) && terminal(2);
  }

  /**
   * Whether a file descriptor is a terminal; found out from its link in {@code /proc}, without a
   * native call.
   */
  static boolean terminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  /** Whether messages may be redrawn in place. */
  boolean livelyMessages() {
    return terminal(2) && !"dumb".equals(environment.get("TERM"));
  }

  /** Whether colour is used on a descriptor; honours NO_COLOR and TERM=dumb. */
  boolean colored(int descriptor) {
    return switch (color) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          terminal(descriptor)
              && environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !"dumb".equals(environment.get("TERM"));
    };
  }

  /**
   * Asks a question that can be answered with yes or no.
   *
   * @param flag the flag that would have answered, for the failure when nobody can be asked
   */
  boolean confirm(String question, String flag) {
    if (yes) {
      return true;
    }
    if (!interactive()) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "this needs an answer: " + question)
          .next("Give " + flag + " to agree, or run in a terminal.");
    }
    err.print(question + " [y/N] ");
    err.flush();
    String answer = readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /**
   * Asks for a line of text, at a terminal that was found to be there.
   *
   * @return the line; {@code null} at the end of the input
   */
  @Nullable String ask(String question) {
    err.print(question);
    err.flush();
    return readLine();
  }

  private @Nullable String readLine() {
    if (answers == null) {
      answers = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    }
    BufferedReader lines = answers;
    try {
      return Typed.by(lines::readLine);
    } catch (Failure unanswered) {
      err.println();
      throw unanswered;
    }
  }
}
