package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Takes values from a file, from what is piped in, or from a person; never from arguments. */
@ApplicationScoped
public class SecretInput {
  /** Clear text with many secrets may be longer than one of them. */
  private static final int LONGEST_TEXT = 16 * SecretValue.LONGEST;

  private final HiddenInput hidden;

  SecretInput(HiddenInput hidden) {
    this.hidden = hidden;
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
