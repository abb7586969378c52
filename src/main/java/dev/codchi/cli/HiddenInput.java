package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Asks a person at the terminal for something that is not to be seen. */
@ApplicationScoped
public class HiddenInput {
  private static final int LONGEST_LINE = 8192;

  private final Console console;
  private final ConsoleProgress progress;

  HiddenInput(Console console, ConsoleProgress progress) {
    this.console = console;
    this.progress = progress;
  }

  /** Whether there is a person to ask. */
  boolean possible() {
    return console.interactive();
  }

  /** Tells the person something that belongs to the next question. */
  void tell(String text) {
    progress.clear();
    console.err().println(text);
  }

  /**
   * Asks for one line, without its end.
   *
   * @return what was typed, not empty, to be closed by the caller
   * @throws Failure {@code REFUSED_BY_USER} when nothing was typed, {@code INTERRUPTED}
   */
  SecretValue ask(String question) {
    progress.clear();
    SecretValue typed;
    // Silent before the question, so that an answer that is pasted at once is not seen either.
    try (HostTerminal.Silence _ = HostTerminal.silence()) {
      console.err().print(question + ": ");
      console.err().flush();
      typed = Typed.by(() -> line(new FileInputStream(FileDescriptor.in)));
    } finally {
      console.err().println();
    }
    if (typed.length() == 0) {
      throw Failure.of(FailureCode.REFUSED_BY_USER, "nothing was entered");
    }
    return typed;
  }

  private static SecretValue line(InputStream in) throws IOException {
    byte[] room = new byte[LONGEST_LINE];
    int length = 0;
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (length < room.length) {
        room[length++] = (byte) next;
      }
    }
    SecretValue value = SecretValue.owning(Arrays.copyOf(room, length));
    Arrays.fill(room, (byte) 0);
    return value;
  }
}
