package dev.codchi.machines.secrets;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Values that another program keeps, for example {@code pass show codchi/{machine}/{name}}. codchi
 * only reads them. The program is started without a shell and writes the value to its standard
 * output; one line break at its end is dropped for everything but files.
 */
@ApplicationScoped
public class ExternalValues {
  /** A person may have to enter the program's own password first. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int LONGEST_COMPLAINT = 500;

  private final Supplier<List<String>> command;
  private final Duration patience;
  private final KnownValues known;

  @Inject
  ExternalValues(Settings settings, KnownValues known) {
    this(() -> settings.secrets().command(), PATIENCE, known);
  }

  /**
   * Values of an explicit program.
   *
   * @param command the program and its arguments, with {@code {machine}} and {@code {name}}; empty
   *     for none
   * @param patience how long it may take
   * @param known told every value
   */
  public ExternalValues(Supplier<List<String>> command, Duration patience, KnownValues known) {
    this.command = command;
    this.patience = patience;
    this.known = known;
  }

  /** Whether there is such a program at all. */
  public boolean areConfigured() {
    return !command.get().isEmpty();
  }

  /**
   * Asks the program.
   *
   * @return the value, to be closed by the caller; empty when no program is configured
   * @throws Failure {@code SECRETS_COMMAND} when it cannot be started, fails, or takes too long;
   *     {@code SECRET_VALUE} when its output cannot be the value
   */
  public Optional<SecretValue> read(String machine, SecretId id) {
    List<String> words =
        command.get().stream()
            .map(word -> word.replace("{machine}", machine).replace("{name}", id.name()))
            .toList();
    if (words.isEmpty()) {
      return Optional.empty();
    }
    SecretValue value = run(words, id);
    if (id.kind() != SecretKind.FILE) {
      value = value.withoutFinalLineBreak();
    }
    try {
      value.requireFit(id);
      byte[] bytes = value.bytes();
      known.remember(bytes);
      Arrays.fill(bytes, (byte) 0);
      return Optional.of(value);
    } catch (Failure unfit) {
      value.close();
      throw unfit;
    }
  }

  private SecretValue run(List<String> words, SecretId id) {
    Process process;
    try {
      process = new ProcessBuilder(words).start();
      process.getOutputStream().close();
    } catch (IOException failed) {
      throw failure(words, id, "it cannot be started: " + failed.getMessage()).causedBy(failed);
    }
    try {
      CompletableFuture<byte[]> output = reading(process.getInputStream(), SecretValue.LONGEST + 2);
      CompletableFuture<byte[]> complaint = reading(process.getErrorStream(), 1 << 16);
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure(words, id, "it took longer than " + patience.toSeconds() + " seconds");
      }
      byte[] value = output.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
      if (process.exitValue() != 0) {
        Arrays.fill(value, (byte) 0);
        throw failure(
            words, id, "it ended with status " + process.exitValue() + said(complaint.join()));
      }
      return SecretValue.owning(value);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw failure(words, id, "it was interrupted").causedBy(stop);
    } catch (CompletionException unreadable) {
      throw failure(words, id, "its output cannot be read").causedBy(unreadable);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Reads to the end, so that the program never waits for us, but keeps only so much. */
  private static CompletableFuture<byte[]> reading(InputStream in, int most) {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    // A read from a program's pipe holds the thread that carries a virtual one, and there may be as
    // few of those as processors.
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (in) {
            byte[] kept = in.readNBytes(most);
            in.transferTo(OutputStream.nullOutputStream());
            read.complete(kept);
          } catch (IOException failed) {
            read.completeExceptionally(new UncheckedIOException(failed));
          }
        });
    return read;
  }

  private static String said(byte[] complaint) {
    String text =
        new String(complaint, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ").strip();
    if (text.isEmpty()) {
      return "";
    }
    return " and said: "
        + (text.length() > LONGEST_COMPLAINT ? text.substring(0, LONGEST_COMPLAINT) : text);
  }

  private static Failure failure(List<String> words, SecretId id, String reason) {
    return Failure.of(
            FailureCode.SECRETS_COMMAND, "'" + words.getFirst() + "' gave no value for " + id)
        .because("The program that secrets.command names failed: " + reason);
  }
}
