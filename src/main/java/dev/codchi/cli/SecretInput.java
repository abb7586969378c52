package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.keys.GivenPassphrases;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Takes values from a file, from what is piped in, or from a person; never from arguments. */
@ApplicationScoped
public class SecretInput {
  /** Clear text with many secrets may be longer than one of them. */
  private static final int LONGEST_TEXT = 16 * SecretValue.LONGEST;

  private final HiddenInput hidden;
  private final ConsoleProgress progress;

  SecretInput(HiddenInput hidden, ConsoleProgress progress) {
    this.hidden = hidden;
    this.progress = progress;
  }

  /**
   * The value of one secret, to be closed by the caller.
   *
   * @param file where it is; standard input, or a person, when empty
   * @param exact whether a line break at the end belongs to it; it always does for files
   * @throws Failure {@code NEEDS_ANSWER} when nothing is piped in and nobody can be asked
   */
  SecretValue value(SecretId id, Optional<Path> file, boolean exact) {
    boolean asked = file.isEmpty() && Console.terminal(0);
    if (asked && !hidden.possible()) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "this needs a value for " + id)
          .next("Pipe it in, or name a file with --file.");
    }
    if (asked) {
      return hidden.ask("Value of " + id);
    }
    SecretValue value = SecretValue.owning(text(file, SecretValue.LONGEST + 2));
    if (!exact && id.kind() != SecretKind.FILE) {
      value = value.withoutFinalLineBreak();
    }
    if (file.isEmpty() && value.length() == 0) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "this needs a value for " + id)
          .because("nothing was piped in")
          .next("Pipe the value in, or name a file with --file, which may be empty.");
    }
    return value;
  }

  /**
   * A token for a repository, to be closed by the caller.
   *
   * @param source {@code -} for standard input or a person, {@code file:PATH}, {@code env:NAME}, or
   *     the token itself, which is taken with a warning
   * @throws Failure {@code NEEDS_ANSWER} when nothing is piped in and nobody can be asked; {@code
   *     BAD_USAGE} when there is no such file or variable
   */
  SecretValue token(String source) {
    if (source.equals("-")) {
      if (!Console.terminal(0)) {
        return SecretValue.owning(text(Optional.empty(), SecretValue.LONGEST))
            .withoutFinalLineBreak();
      }
      if (!hidden.possible()) {
        throw Failure.of(FailureCode.NEEDS_ANSWER, "this needs a token")
            .next("Pipe it in, or give --auth file:PATH or --auth env:NAME.");
      }
      return hidden.ask("Token for the repository");
    }
    if (source.startsWith("file:")) {
      Path file = Path.of(source.substring("file:".length()));
      return SecretValue.owning(text(Optional.of(file), SecretValue.LONGEST))
          .withoutFinalLineBreak();
    }
    if (source.startsWith("env:")) {
      String variable = source.substring("env:".length());
      return Optional.ofNullable(System.getenv(variable))
          .map(SecretValue::ofText)
          .orElseThrow(() ->
              Failure.of(FailureCode.BAD_USAGE, "there is no variable '" + variable + "'")
                  .because("--auth names it"));
    }
    progress.warn(
        "other users of this computer can see arguments while codchi runs, and your shell may keep"
            + " them; '--auth -' asks for the token instead");
    return SecretValue.ofText(source);
  }

  /**
   * A passphrase and its successor from two lines of standard input, to be closed by the caller.
   *
   * @throws Failure {@code NEEDS_ANSWER} when there are not two lines with something in them
   */
  GivenPassphrases passphrases() {
    if (Console.terminal(0)) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "there are no passphrases to read")
          .because("standard input is a terminal")
          .next("Pipe two lines in, or leave out --stdin to be asked.");
    }
    byte[] text = text(Optional.empty(), SecretValue.LONGEST);
    try {
      return passphrases(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /** The two lines of a text, which stays the caller's. */
  static GivenPassphrases passphrases(byte[] text) {
    int first = lineEnd(text, 0);
    int second = lineEnd(text, first + 1);
    boolean more = second + 1 < text.length;
    if (lineLength(text, 0, first) <= 0 || lineLength(text, first + 1, second) <= 0 || more) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "this needs two passphrases")
          .because("standard input should have two lines: the present one and the new one")
          .next("Pipe two lines in, or leave out --stdin to be asked.");
    }
    return new GivenPassphrases(line(text, 0, first), line(text, first + 1, second));
  }

  /** Without the carriage return of Windows' lines, as in a passphrase's file. */
  private static int lineLength(byte[] text, int from, int end) {
    return end > from && text[end - 1] == '\r' ? end - 1 - from : end - from;
  }

  private static SecretValue line(byte[] text, int from, int end) {
    return SecretValue.owning(Arrays.copyOfRange(text, from, from + lineLength(text, from, end)));
  }

  private static int lineEnd(byte[] text, int from) {
    int end = Math.min(from, text.length);
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  /**
   * Clear text that holds several secrets.
   *
   * @return the bytes, to be wiped by the caller
   */
  byte[] text(Optional<Path> file) {
    if (file.isEmpty() && Console.terminal(0)) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "there is nothing to import")
          .because("standard input is a terminal")
          .next("Name a file with --file, or pipe it in.");
    }
    return text(file, LONGEST_TEXT);
  }

  private static byte[] text(Optional<Path> file, int most) {
    try (InputStream in =
        file.isPresent()
            ? Files.newInputStream(file.get())
            : new FileInputStream(FileDescriptor.in)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw Failure.of(
              FailureCode.BAD_USAGE,
              "cannot read " + file.map(Path::toString).orElse("standard input"))
          .because(e.toString())
          .next("Name a file that you can read with --file.")
          .causedBy(e);
    }
  }
}
