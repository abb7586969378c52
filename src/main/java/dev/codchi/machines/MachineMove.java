package dev.codchi.machines;

import dev.codchi.config.Directories;
import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.MoveSecrets;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The parts of a machine under another name. Secrets come first, because their key may have to be
 * asked for; what follows needs nobody, and every step of it can be repeated.
 */
@ApplicationScoped
class MachineMove {
  private final Settings settings;
  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final MoveSecrets moveSecrets;
  private final Generations generations;
  private final Observers observers;
  private final AttachCapabilities attachCapabilities;
  private final SeenUp seenUp;

  MachineMove(
      Settings settings,
      Machines machines,
      MachineContainer container,
      Containers containers,
      MoveSecrets moveSecrets,
      Generations generations,
      Observers observers,
      AttachCapabilities attachCapabilities,
      SeenUp seenUp) {
    this.generations = generations;
    this.observers = observers;
    this.attachCapabilities = attachCapabilities;
    this.seenUp = seenUp;
    this.settings = settings;
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.moveSecrets = moveSecrets;
  }

  /** Seals the secrets for the new name, too. */
  void prepare(MachineName from, MachineName to) {
    Person.current().directory(machines.directory(to), "rwxr-xr-x");
    moveSecrets.copy(vault(from), vault(to));
  }

  /** Takes back what {@link #prepare} made. Idempotent. */
  void forget(MachineName to) {
    moveSecrets.delete(vault(to));
    FileTree.delete(machines.directory(to));
  }

  /**
   * Moves everything else. Idempotent: takes up what was interrupted.
   *
   * @throws Failure {@code DIRECTORY_UNUSABLE}, and the backend's failures; the rest can be moved
   *     later
   */
  void finish(MachineName from, MachineName to, Progress progress) {
    Directories directories = settings.directories();
    seenUp.remove(from);
    seenUp.remove(to);
    try (Progress.Step _ = progress.begin("Renaming " + from + " to " + to)) {
      move(directories.home(from.value()), directories.home(to.value()));
      move(directories.profiles(from.value()), directories.profiles(to.value()));
      if (containers.find(container.name(from)).isPresent()
          || containers.find(container.name(to)).isPresent()) {
        containers.rename(container.name(from), container.specification(to));
        // What it may use of the host is attached anew when it starts, from the new name's files.
        containers.equip(container.name(to), List.of());
      }
      attachCapabilities.forget(from);
      moveDefinition(from, to);
      observers.removed(from, progress);
      generations.current(to).ifPresent(system -> observers.installed(to, system, progress));
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot move the files of " + from)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Until the last step, the old name's definition is there. */
  private void moveDefinition(MachineName from, MachineName to) throws IOException {
    Path old = machines.directory(from);
    if (!Files.exists(old.resolve(Machines.DEFINITION))) {
      FileTree.delete(old);
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(old)) {
      for (Path file : files) {
        boolean stays = file.endsWith(Machines.DEFINITION) || file.equals(vault(from).file());
        if (!stays) {
          move(file, machines.directory(to).resolve(file.getFileName()));
        }
      }
    }
    machines.save(machines.require(from).withName(to));
    Files.delete(old.resolve(Machines.DEFINITION));
    moveSecrets.delete(vault(from));
    FileTree.delete(old);
  }

  private VaultLocation vault(MachineName machine) {
    return VaultLocation.of(settings.directories(), machine.value());
  }
}
