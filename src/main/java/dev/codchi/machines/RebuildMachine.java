package dev.codchi.machines;

import dev.codchi.files.ExclusiveLock;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Brings a machine to the state that its modules describe now; a failure leaves it exactly as it
 * was.
 */
@ApplicationScoped
public class RebuildMachine {
  /** What a rebuild did. */
  public enum Outcome {
    /** Nothing had changed. */
    UP_TO_DATE,
    /** A new generation is active. */
    SWITCHED,
    /** A new generation will be active when the machine starts. */
    INSTALLED
  }

  private final Machines machines;
  private final MachineBuild build;
  private final SystemSwitch systemSwitch;
  private final Journal journal;
  private final Recovery recovery;

  RebuildMachine(
      Machines machines,
      MachineBuild build,
      SystemSwitch systemSwitch,
      Journal journal,
      Recovery recovery) {
    this.machines = machines;
    this.build = build;
    this.systemSwitch = systemSwitch;
    this.journal = journal;
    this.recovery = recovery;
  }

  /**
   * Rebuilds a machine from its definition.
   *
   * @param update whether the inputs are brought to their newest state
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}, {@code NIX_*}
   */
  public Outcome rebuild(MachineName machine, boolean update, Progress progress) {
    recovery.run(progress);
    MachineBuild.Updates updates =
        update ? new MachineBuild.Updates.All() : new MachineBuild.Updates.None();
    try (ExclusiveLock _ = machines.lock(machine, "rebuild " + machine, progress)) {
      return apply(machines.require(machine), updates, progress);
    }
  }

  /**
   * Rebuilds to a definition that becomes the machine's when everything has succeeded. The caller
   * holds the machine's lock.
   */
  Outcome apply(MachineDefinition definition, MachineBuild.Updates updates, Progress progress) {
    MachineName machine = definition.name();
    journal.note(machine, Journal.Phase.BUILDING, "");
    try {
      MachineBuild.Built built = build.build(definition, updates, progress);
      Outcome outcome = activate(machine, built, progress);
      if (!definition.equals(machines.require(machine))) {
        machines.save(definition);
      }
      journal.forget(machine);
      return outcome;
    } catch (RuntimeException e) {
      undo(machine, e, progress);
      throw e;
    }
  }

  private Outcome activate(MachineName machine, MachineBuild.Built built, Progress progress) {
    if (built.unchanged()) {
      build.publish(machine, built);
      return Outcome.UP_TO_DATE;
    }
    boolean running = systemSwitch.running(machine);
    if (running) {
      journal.note(machine, Journal.Phase.SWITCHING, built.system());
      try (Progress.Step _ = progress.begin("Activating the new system")) {
        systemSwitch.activate(machine, built.system(), progress);
      }
    }
    journal.note(machine, Journal.Phase.COMMITTING, built.system());
    build.commit(machine, built, progress);
    return running ? Outcome.SWITCHED : Outcome.INSTALLED;
  }

  private void undo(MachineName machine, RuntimeException failed, Progress progress) {
    boolean interrupted = Thread.interrupted();
    try {
      Optional<Journal.Entry> entry = journal.entry(machine);
      if (entry.isPresent()) {
        recovery.undoRebuild(entry.get(), progress);
      }
    } catch (RuntimeException second) {
      failed.addSuppressed(second);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
