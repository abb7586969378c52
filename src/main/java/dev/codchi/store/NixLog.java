package dev.codchi.store;

import dev.codchi.files.LogFile;
import dev.codchi.progress.Progress;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where all is kept that a program of the store says. Where that cannot be written, on a full disk
 * for example, people are told once, and the program goes on: it may succeed all the same, and
 * where it fails, its own words say why. Not thread-safe.
 */
final class NixLog implements Closeable {
  private final Path file;
  private final Progress progress;
  private @Nullable BufferedWriter writer;

  private NixLog(Path file, Progress progress) {
    this.file = file;
    this.progress = progress;
  }

  /** Goes on with a log, or begins it. */
  static NixLog append(Path file, Progress progress) {
    NixLog log = new NixLog(file, progress);
    try {
      LogFile.limit(file);
      log.writer =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      log.giveUp(e);
    }
    return log;
  }

  /** Adds a line. */
  void line(String text) {
    BufferedWriter open = writer;
    if (open != null) {
      try {
        open.write(text + "\n");
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  /** Where all of it can be read, if it can. */
  boolean isWhole() {
    BufferedWriter open = writer;
    if (open != null) {
      try {
        open.flush();
      } catch (IOException e) {
        giveUp(e);
      }
    }
    return writer != null;
  }

  /** Ends the log. Idempotent. */
  @Override
  public void close() {
    BufferedWriter open = writer;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        giveUp(e);
      }
    }
  }

  private void giveUp(IOException e) {
    BufferedWriter open = writer;
    writer = null;
    progress.warn("cannot write " + file + ", so that not all is in it that is said: " + e);
    if (open != null) {
      try {
        open.close();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
    }
  }
}
