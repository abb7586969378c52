package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A passphrase in a file, for use without a person: the first line of, for example, a systemd
 * credential or an inherited descriptor ({@code /dev/fd/3}). A file that is not a pipe is read anew
 * every time.
 */
public final class PassphraseFile implements PassphraseSource {
  private static final int LONGEST = 4096;

  private final Path file;

  /** A passphrase in this file. */
  public PassphraseFile(Path file) {
    this.file = file;
  }

  @Override
  public SecretValue passphrase(String machine, boolean fresh) {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(LONGEST + 1);
    } catch (IOException failed) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "Cannot read the passphrase from " + file)
          .because(String.valueOf(failed.getMessage()))
          .next("Check the file that secrets.passphrase_file names.")
          .causedBy(failed);
    }
    int end = 0;
    while (end < content.length && content[end] != '\n' && content[end] != '\r') {
      end++;
    }
    byte[] line = Arrays.copyOf(content, end);
    Arrays.fill(content, (byte) 0);
    if (line.length == 0 || line.length > LONGEST) {
      Arrays.fill(line, (byte) 0);
      throw Failure.of(
              FailureCode.NEEDS_ANSWER, "The first line of " + file + " cannot be a passphrase")
          .because(line.length == 0 ? "It is empty" : "It is longer than 4096 bytes")
          .next("Write the passphrase into the file's first line.");
    }
    return SecretValue.owning(line);
  }
}
