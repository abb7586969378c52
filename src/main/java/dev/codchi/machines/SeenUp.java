package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.BootMark;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Which machines were seen to be up since this computer booted.
 *
 * <p>A container runs long before its system does: until the machine's first program has made
 * {@code /run/current-system}, LXD answers to every program "Command not found", exit status 127.
 * Who started it may be gone, or it may be the backend itself after a reboot of the host. So a
 * running container alone does not say that programs can be run, and asking each time would cost a
 * call; this note costs reading two small files.
 */
@ApplicationScoped
class SeenUp {
  private final Settings settings;

  SeenUp(Settings settings) {
    this.settings = settings;
  }

  /** Whether the machine was up since the host booted and codchi did not stop it since. */
  boolean contains(MachineName machine) {
    return WholeFile.read(note(machine))
        .filter(seen -> Arrays.equals(seen, BootMark.here()))
        .isPresent();
  }

  /** Notes that the machine's services are up. Idempotent. */
  void add(MachineName machine) {
    WholeFile.write(note(machine), BootMark.here(), 0600);
  }

  /** To be called before a machine is started, stopped or lent its container. Idempotent. */
  void remove(MachineName machine) {
    try {
      Files.deleteIfExists(note(machine));
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot remove " + note(machine))
          .because(e.toString())
          .causedBy(e);
    }
  }

  private Path note(MachineName machine) {
    return settings.directories().up().resolve(machine.value());
  }
}
