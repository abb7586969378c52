package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.failure.Undo;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Gives a machine another name. Nothing is built for that: a system does not know its machine's
 * name. Interrupted, it is undone before the machine was touched, and finished after that.
 */
@ApplicationScoped
public class RenameMachine {
  private final Machines machines;
  private final InitMachine initMachine;
  private final MachineContainer container;
  private final Containers containers;
  private final StopMachine stopMachine;
  private final StartMachine startMachine;
  private final MachineMove move;
  private final Journal journal;
  private final Recovery recovery;

  RenameMachine(
      Machines machines,
      InitMachine initMachine,
      MachineContainer container,
      Containers containers,
      StopMachine stopMachine,
      StartMachine startMachine,
      MachineMove move,
      Journal journal,
      Recovery recovery) {
    this.machines = machines;
    this.initMachine = initMachine;
    this.container = container;
    this.containers = containers;
    this.stopMachine = stopMachine;
    this.startMachine = startMachine;
    this.move = move;
    this.journal = journal;
    this.recovery = recovery;
  }

  /**
   * Renames a machine. One that runs is stopped for that and started again.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}, {@code MACHINE_EXISTS}, {@code
   *     CONTAINER_EXISTS}; what the vault's key's keeper reports
   */
  public void rename(MachineName wanted, MachineName to, Progress progress) {
    initMachine.requireFree(to, progress);
    MachineName from = machines.known(wanted);
    final boolean running;
    try (Machines.Locks _ = recovery.lock(from, to, "rename " + from + " to " + to, progress)) {
      machines.require(from);
      initMachine.refuseTaken(to);
      running = containers.find(container.name(from)).map(found -> found.running()).orElse(false);
      journal.note(from, Journal.Phase.RENAMING, to);
      try {
        move.prepare(from, to);
        if (running) {
          stopMachine.stop(from, false, progress);
        }
      } catch (RuntimeException e) {
        // Where that fails, the journal still has its note, so the next run tries again.
        Undo.after(
            e,
            () -> {
              move.forget(to);
              journal.forget(from);
              if (running) {
                startMachine.start(from, progress);
              }
            });
        throw e;
      }
      journal.note(from, Journal.Phase.MOVING, to);
      move.finish(from, to, progress);
      journal.forget(from);
    }
    if (running) {
      startMachine.start(to, progress);
    }
  }
}
