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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

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
      typed = read();
    } finally {
      console.err().println();
    }
    if (typed.length() == 0) {
      throw Failure.of(FailureCode.REFUSED_BY_USER, "nothing was entered");
    }
    return typed;
  }

  /** Reads in a thread of its own: a read from a terminal cannot be interrupted, a wait can. */
  private static SecretValue read() {
    CompletableFuture<SecretValue> line = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                line.complete(line(new FileInputStream(FileDescriptor.in)));
              } catch (IOException e) {
                line.completeExceptionally(e);
              }
            },
            "hidden input");
    reader.setDaemon(true);
    reader.start();
    try {
      return line.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "interrupted").causedBy(e);
    } catch (ExecutionException e) {
      throw Failure.of(FailureCode.NEEDS_ANSWER, "cannot read from the terminal")
          .because(String.valueOf(e.getCause()))
          .causedBy(e);
    }
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
