package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.MoveSecrets;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Removes every trace of one machine and nothing of any other. */
@ApplicationScoped
class MachineRemoval {
  private static final String EMPTY_HOME =
      "shopt -s dotglob nullglob; exec rm -rf --one-file-system -- " + MachineContainer.HOME + "/*";

  private final Settings settings;
  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final RestingContainers resting;
  private final MoveSecrets moveSecrets;
  private final Observers observers;
  private final AttachCapabilities attachCapabilities;
  private final SeenUp seenUp;

  MachineRemoval(
      Settings settings,
      Machines machines,
      MachineContainer container,
      Containers containers,
      RestingContainers resting,
      MoveSecrets moveSecrets,
      Observers observers,
      AttachCapabilities attachCapabilities,
      SeenUp seenUp) {
    this.observers = observers;
    this.attachCapabilities = attachCapabilities;
    this.seenUp = seenUp;
    this.moveSecrets = moveSecrets;
    this.settings = settings;
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.resting = resting;
  }

  /**
   * Removes container, generations, home, secrets and definition, in an order in which an
   * interrupted removal can be repeated. Idempotent.
   */
  void remove(MachineName machine, Progress progress) {
    removeAllButDirectory(machine, progress);
    moveSecrets.delete(VaultLocation.of(settings.directories(), machine.value()));
    FileTree.delete(machines.directory(machine));
  }

  /**
   * Removes what was made of a machine that did not come to be. Secrets that a person gave it are
   * kept, sealed, so that they need not be given again. Idempotent.
   */
  void removeUnfinished(MachineName machine, Progress progress) {
    removeAllButDirectory(machine, progress);
    Path vault = VaultLocation.of(settings.directories(), machine.value()).file();
    Path directory = machines.directory(machine);
    if (!keepsSecrets(machine)) {
      FileTree.delete(directory);
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (!child.equals(vault)) {
          FileTree.delete(child);
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + directory)
          .because(e.toString())
          .causedBy(e);
    }
    progress.note("The secrets of " + machine + " are kept for the next attempt.");
  }

  /** Whether secrets are kept for a machine, made or not. */
  boolean keepsSecrets(MachineName machine) {
    return Files.exists(VaultLocation.of(settings.directories(), machine.value()).file());
  }

  private void removeAllButDirectory(MachineName machine, Progress progress) {
    observers.removed(machine, progress);
    present(container.name(machine))
        .ifPresent(found -> {
          if (container.labels(machine).equals(found.labels())) {
            removeHome(machine, progress);
            containers.delete(found.name());
          } else {
            progress.warn(
                "the container "
                    + found.name()
                    + " was not made for this machine and is left alone");
          }
        });
    FileTree.delete(settings.directories().profiles(machine.value()));
    FileTree.delete(settings.directories().home(machine.value()));
    attachCapabilities.forget(machine);
    seenUp.remove(machine);
  }

  private Optional<Container> present(String name) {
    Optional<Container> found = containers.find(name);
    if (found.isPresent()) {
      return found;
    }
    // One may be about to be made for a codchi that was killed.
    containers.settle(name);
    return containers.find(name);
  }

  /**
   * Removes the home as long as there is the container. Files that the machine's root made belong
   * to an id that only the machine has, so they are removed inside it, and none may be left:
   * without the container, nobody but the host's root could.
   */
  private void removeHome(MachineName machine, Progress progress) {
    Path home = settings.directories().home(machine.value());
    if (!Files.isDirectory(home)) {
      return;
    }
    // What runs in the machine could make files meanwhile.
    resting.end(machine);
    try {
      FileTree.delete(home);
      return;
    } catch (Failure belongsToOthers) {
      progress.detail(belongsToOthers.what() + ": " + belongsToOthers.why());
    }
    resting.with(
        machine,
        inside -> {
          RestingMachine.Program removing =
              inside.start("bash", List.of("-c", EMPTY_HOME), false, false);
          if (removing.await() != 0) {
            throw Failure.of(
                    FailureCode.DIRECTORY_UNUSABLE,
                    "some files in the home of " + machine + " could not be removed")
                .because(String.join("; ", removing.errors()))
                .next("Run 'codchi delete " + machine + "' again.");
          }
          return true;
        });
  }
}
