package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Notes on operations under way, one file a machine. A note outlives the process: the next run of
 * codchi reads it and finishes or undoes what was begun.
 */
@ApplicationScoped
public class Journal {
  /** How far an operation is; what recovery does depends on this alone. */
  enum Phase {
    /** A machine is being made: recovery removes all of it. */
    CREATING,
    /** A machine is being deleted: recovery deletes the rest. */
    DELETING,
    /** A machine's files are being worked on: recovery makes its container what it was. */
    AT_REST,
    /** A machine is being made as a copy of another: recovery removes all of it. */
    COPYING,
    /** A machine is about to get another name: recovery forgets the wish. */
    RENAMING,
    /** A machine's parts are being moved to its other name: recovery moves the rest. */
    MOVING,
    /** A new system is built: recovery throws the build away. */
    BUILDING,
    /** A new system is being activated: recovery activates the old one again. */
    SWITCHING,
    /** A new system is active and is being written down: recovery finishes that. */
    COMMITTING
  }

  /**
   * One unfinished operation.
   *
   * @param machine the machine's name
   * @param phase how far it was
   * @param system the store path that is being switched to, empty before that is known
   * @param other the other machine: the original of a copy, or the new name
   */
  record Entry(MachineName machine, Phase phase, String system, Optional<MachineName> other) {
    /** The machines that are locked while it is worked on. */
    List<MachineName> machines() {
      return other.map(second -> List.of(machine, second)).orElse(List.of(machine));
    }
  }

  private static final String SUFFIX = ".json";

  private final Settings settings;

  Journal(Settings settings) {
    this.settings = settings;
  }

  /** Writes down how far an operation is, replacing what was noted of this machine. */
  void note(MachineName machine, Phase phase, String system) {
    write(machine, phase, system, "");
  }

  /** Like {@link #note}, for what two machines, or two names of one, are needed for. */
  void note(MachineName machine, Phase phase, MachineName other) {
    write(machine, phase, "", other.value());
  }

  private void write(MachineName machine, Phase phase, String system, String other) {
    String text =
        JsonText.MAPPER
            .createObjectNode()
            .put("version", 1)
            .put("machine", machine.value())
            .put("phase", phase.name().toLowerCase(Locale.ROOT))
            .put("system", system)
            .put("other", other)
            .toPrettyString();
    WholeFile.write(file(machine), text, 0600);
  }

  /** Forgets an operation that is complete or undone. Idempotent. */
  void forget(MachineName machine) {
    try {
      Files.deleteIfExists(file(machine));
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot remove " + file(machine))
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** What is noted of one machine. */
  Optional<Entry> entry(MachineName machine) {
    return WholeFile.read(file(machine)).map(content -> parse(machine, content));
  }

  /** Everything that is unfinished, or under way in another process. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    Path directory = settings.directories().journal();
    if (!Files.isDirectory(directory)) {
      return entries;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        entry(MachineName.of(name.substring(0, name.length() - SUFFIX.length())))
            .ifPresent(entries::add);
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + directory)
          .because(e.toString())
          .causedBy(e);
    }
    return entries;
  }

  private Path file(MachineName machine) {
    return settings.directories().journal().resolve(machine.value() + SUFFIX);
  }

  private static Entry parse(MachineName machine, byte[] content) {
    try {
      JsonNode json = JsonText.MAPPER.readTree(content);
      Phase phase = Phase.valueOf(json.path("phase").asText().toUpperCase(Locale.ROOT));
      String other = json.path("other").asText();
      return new Entry(
          machine,
          phase,
          json.path("system").asText(),
          other.isEmpty() ? Optional.empty() : Optional.of(MachineName.of(other)));
    } catch (IOException | IllegalArgumentException e) {
      throw Failure.of(
              FailureCode.MACHINE_BROKEN,
              "the note on the unfinished operation on " + machine + " is damaged")
          .because(e.toString())
          .causedBy(e);
    }
  }
}
