package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;

/** Deletes a machine with its home. */
@ApplicationScoped
public class DeleteMachine {
  private final Machines machines;
  private final MachineRemoval removal;
  private final Journal journal;
  private final Recovery recovery;

  DeleteMachine(Machines machines, MachineRemoval removal, Journal journal, Recovery recovery) {
    this.machines = machines;
    this.removal = removal;
    this.journal = journal;
    this.recovery = recovery;
  }

  /**
   * Deletes a machine for good; what is interrupted is finished by the next run.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}
   */
  public void delete(MachineName machine, Progress progress) {
    recovery.run(progress);
    MachineName known =
        machines
            .find(machine)
            .orElseThrow(() ->
                Failure.of(FailureCode.NO_SUCH_MACHINE, "there is no machine '" + machine + "'"));
    try (ExclusiveLock _ = machines.lock(known, "delete " + known, progress)) {
      journal.note(known, Journal.Phase.DELETING, "");
      try (Progress.Step _ = progress.begin("Deleting " + known)) {
        removal.remove(known, progress);
      }
      journal.forget(known);
    }
  }
}
