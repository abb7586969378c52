package dev.codchi.store;

import dev.codchi.store.nixlog.Happening;
import dev.codchi.store.nixlog.NixErrors;
import dev.codchi.store.nixlog.NixEvent;
import dev.codchi.store.nixlog.NixLogParser;
import dev.codchi.store.nixlog.NixProgress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What a real nix wrote; {@code src/test/nix/failures/capture} made the files. */
public final class Transcripts {
  private Transcripts() {}

  /** The lines of one transcript. */
  public static List<String> lines(String name) {
    try (InputStream file =
        Transcripts.class.getResourceAsStream("transcripts/" + name + ".jsonl")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One transcript, played to the end. */
  public static Played play(String name) {
    NixProgress progress = new NixProgress(InstantSource.system());
    NixErrors errors = new NixErrors();
    List<Happening> happenings = new ArrayList<>();
    for (String line : lines(name)) {
      NixEvent event = NixLogParser.parse(line);
      happenings.addAll(progress.accept(event));
      errors.accept(event, progress);
    }
    return new Played(progress, errors, happenings);
  }

  /** What was made of it. */
  public record Played(NixProgress progress, NixErrors errors, List<Happening> happenings) {}
}
