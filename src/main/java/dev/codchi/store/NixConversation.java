package dev.codchi.store;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What nix says while it runs: takes its log apart line by line, tells people, and keeps what
 * explains a failure.
 */
final class NixConversation extends OutputStream {
  private final Progress progress;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder errors = new StringBuilder();

  NixConversation(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      end();
    } else {
      line.write(b);
    }
  }

  /** Takes a last line that has no end. */
  void end() {
    if (line.size() > 0) {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      progress.detail(text);
      errors.append(text).append('\n');
    }
  }

  /** The failure that nix's words amount to. */
  Failure failure(int status) {
    return Failure.of(FailureCode.NIX_BUILD, "nix failed with status " + status)
        .because(errors.toString());
  }
}
