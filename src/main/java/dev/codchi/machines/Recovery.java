package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.Undo;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.progress.Progress;
import dev.codchi.store.RepositoryKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Optional;

/** Finishes or undoes what an earlier codchi began and did not end, however it was ended. */
@ApplicationScoped
public class Recovery {
  private final Settings settings;
  private final Generations generations;
  private final Journal journal;
  private final Machines machines;
  private final MachineRemoval removal;
  private final MachineBuild build;
  private final SystemSwitch systemSwitch;
  private final RepositoryKeys repositoryKeys;
  private final RestingContainers resting;
  private final MachineContainer container;
  private final Containers containers;
  private final MachineMove move;

  Recovery(
      Settings settings,
      Generations generations,
      Journal journal,
      Machines machines,
      MachineRemoval removal,
      MachineBuild build,
      SystemSwitch systemSwitch,
      RepositoryKeys repositoryKeys,
      RestingContainers resting,
      MachineContainer container,
      Containers containers,
      MachineMove move) {
    this.settings = settings;
    this.container = container;
    this.containers = containers;
    this.move = move;
    this.repositoryKeys = repositoryKeys;
    this.generations = generations;
    this.journal = journal;
    this.machines = machines;
    this.removal = removal;
    this.build = build;
    this.systemSwitch = systemSwitch;
    this.resting = resting;
  }

  /**
   * Looks for unfinished operations whose process is gone. Costs three directory listings when
   * there are none. Idempotent.
   */
  public void run(Progress progress) {
    repositoryKeys.removeAbandoned();
    removeAbandonedWorkspaces(progress);
    for (Journal.Entry entry : journal.entries()) {
      Optional<ExclusiveLock> free =
          machines.lockIfFree(entry.machine(), "recover " + entry.machine());
      if (free.isEmpty()) {
        continue;
      }
      try (ExclusiveLock _ = free.get()) {
        // Between reading the entry and taking the lock the operation may have ended.
        journal.entry(entry.machine()).ifPresent(current -> recover(current, progress));
      }
    }
  }

  /** They take room, but are in nobody's way. */
  private void removeAbandonedWorkspaces(Progress progress) {
    try {
      Workspace.removeAbandoned(settings.directories());
    } catch (Failure left) {
      progress.warn(left.what() + ": " + left.why());
    }
  }

  private void recover(Journal.Entry entry, Progress progress) {
    switch (entry.phase()) {
      case CREATING, DELETING -> {
        progress.note(
            entry.phase() == Journal.Phase.CREATING
                ? "Removing the machine " + entry.machine() + ", whose creation was interrupted"
                : "Finishing the deletion of " + entry.machine());
        if (entry.phase() == Journal.Phase.CREATING
            && !entry.system().equals(RestoreMachine.WITH_SECRETS)) {
          removal.removeUnfinished(entry.machine(), progress);
        } else {
          removal.remove(entry.machine(), progress);
        }
        journal.forget(entry.machine());
      }
      case AT_REST -> {
        progress.note("Tidying up after interrupted work on the files of " + entry.machine());
        resting.end(entry.machine());
        journal.forget(entry.machine());
      }
      case COPYING -> {
        progress.note("Removing the machine " + entry.machine() + ", an unfinished copy");
        entry.other().map(container::name).ifPresent(containers::thaw);
        removal.remove(entry.machine(), progress);
        journal.forget(entry.machine());
      }
      case RENAMING -> {
        entry.other().ifPresent(move::forget);
        journal.forget(entry.machine());
      }
      case MOVING -> {
        MachineName name = entry.other().orElseThrow();
        progress.note("Finishing to rename " + entry.machine() + " to " + name);
        move.finish(entry.machine(), name, progress);
        journal.forget(entry.machine());
      }
      case BUILDING, SWITCHING, COMMITTING -> {
        progress.note("Tidying up after an interrupted rebuild of " + entry.machine());
        undoRebuild(entry, progress);
      }
    }
  }

  /**
   * Brings a machine back to its present generation, or on to the new one where that had begun to
   * be written down. The caller holds the machine's lock.
   */
  void undoRebuild(Journal.Entry entry, Progress progress) {
    MachineName machine = entry.machine();
    Optional<String> current = generations.current(machine);
    boolean advanced = current.filter(entry.system()::equals).isPresent();
    if (entry.phase() == Journal.Phase.COMMITTING && advanced) {
      Path stage = machines.directory(machine).resolve("next");
      build.publish(
          machine,
          new MachineBuild.Built(entry.system(), FlakeFiles.fingerprint(stage), false),
          progress);
    } else {
      if (entry.phase() != Journal.Phase.BUILDING
          && current.isPresent()
          && systemSwitch.running(machine)) {
        systemSwitch.activate(machine, current.get(), progress);
      }
      build.discard(machine);
    }
    journal.forget(machine);
  }

  /**
   * Undoes what the journal says of a machine after a failure, which keeps what goes wrong with
   * that. The caller holds the machine's lock.
   */
  void undo(MachineName machine, RuntimeException failed, Progress progress) {
    Undo.after(
        failed, () -> journal.entry(machine).ifPresent(entry -> undoRebuild(entry, progress)));
  }
}
