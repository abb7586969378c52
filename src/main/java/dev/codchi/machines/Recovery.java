package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import dev.codchi.progress.Progress;
import dev.codchi.store.RepositoryKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
   * Looks for unfinished operations whose process is gone. What cannot be ended now is told and
   * stays for the next run, so that one machine never keeps a person from the others. Costs three
   * directory listings when there are none. Idempotent.
   */
  public void run(Progress progress) {
    repositoryKeys.removeAbandoned();
    removeAbandonedWorkspaces(progress);
    for (Journal.Entry entry : journal.entries()) {
      Optional<Machines.Locks> free =
          machines.lockIfFree(entry.machines(), "recover " + entry.machine());
      if (free.isPresent()) {
        try (Machines.Locks _ = free.get()) {
          tryRecoverLocked(entry, progress);
        }
      }
    }
  }

  private void tryRecoverLocked(Journal.Entry entry, Progress progress) {
    try {
      recoverLocked(entry, progress);
    } catch (Failure failed) {
      if (failed.code() == FailureCode.INTERRUPTED) {
        throw failed;
      }
      progress.warn(
          "what was begun with %s is not ended yet, and is tried again by the next command: %s%s. %s"
              .formatted(
                  entry.machine(),
                  failed.what(),
                  failed.why() == null ? "" : " (" + failed.why() + ")",
                  failed.nextStep()));
    }
  }

  /** Between reading the entry and taking its locks the operation may have ended. */
  private void recoverLocked(Journal.Entry entry, Progress progress) {
    journal
        .entry(entry.machine())
        .filter(current -> current.machines().equals(entry.machines()))
        .ifPresent(current -> recover(current, progress));
  }

  /**
   * A machine's lock, for work on a machine as it is meant to be: what whoever held the lock before
   * has left unfinished is ended first. Only an unfinished rebuild that cannot be undone is told
   * and left, because another rebuild may be what mends it.
   *
   * @param doing shown to who waits, for example {@code "rebuild web"}
   * @throws Failure what keeps it from being ended; nothing is locked then
   */
  Machines.Locks lock(MachineName machine, String doing, Progress progress) {
    Machines.Locks locks = new Machines.Locks(List.of(machines.lock(machine, doing, progress)));
    return ended(locks, List.of(machine), entry -> true, progress);
  }

  /** Like {@link #lock(MachineName, String, Progress)}, for a machine that may not be there yet. */
  Machines.Locks lockNew(MachineName machine, String doing, Progress progress) {
    Machines.Locks locks = new Machines.Locks(List.of(machines.lockNew(machine, doing, progress)));
    return ended(locks, List.of(machine), entry -> true, progress);
  }

  /**
   * Like {@link #lock(MachineName, String, Progress)}, for a machine that is to be deleted: only
   * what concerns another machine, too, is ended first.
   */
  Machines.Locks lockToDelete(MachineName machine, String doing, Progress progress) {
    Machines.Locks locks = new Machines.Locks(List.of(machines.lock(machine, doing, progress)));
    return ended(locks, List.of(machine), entry -> entry.other().isPresent(), progress);
  }

  /** Like {@link #lock(MachineName, String, Progress)}, for two machines. */
  Machines.Locks lock(MachineName one, MachineName other, String doing, Progress progress) {
    Machines.Locks locks = machines.lock(one, other, doing, progress);
    return ended(locks, List.of(one, other), entry -> true, progress);
  }

  private Machines.Locks ended(
      Machines.Locks locks,
      List<MachineName> held,
      Predicate<Journal.Entry> which,
      Progress progress) {
    try {
      journal.entries().stream()
          .filter(entry -> entry.machines().stream().anyMatch(held::contains))
          .filter(which)
          .forEach(entry -> end(entry, held, progress));
      return locks;
    } catch (RuntimeException e) {
      locks.close();
      throw e;
    }
  }

  private void end(Journal.Entry entry, List<MachineName> held, Progress progress) {
    List<MachineName> others =
        entry.machines().stream().filter(machine -> !held.contains(machine)).toList();
    // Waiting for them with one lock in hand could be for ever.
    try (Machines.Locks _ =
        machines
            .lockIfFree(others, "recover " + entry.machine())
            .orElseThrow(() ->
                Failure.of(
                        FailureCode.MACHINE_LOCKED,
                        "what was begun with " + entry.machine() + " has to be ended first")
                    .because("another codchi works on " + others.getFirst()))) {
      switch (entry.phase()) {
        case BUILDING, SWITCHING, COMMITTING -> tryRecoverLocked(entry, progress);
        case CREATING, DELETING, AT_REST, COPYING, RENAMING, MOVING ->
            recoverLocked(entry, progress);
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
        // A request to halt the original may have been on its way when codchi was killed.
        entry.other().map(container::name).ifPresent(containers::thaw);
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
