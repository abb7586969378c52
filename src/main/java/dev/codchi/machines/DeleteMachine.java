package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

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
   * Deletes a machine for good; what is interrupted is finished by the next run. Secrets that are
   * kept for a machine that was never made are deleted in the same way.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}
   */
  public void delete(MachineName machine, Progress progress) {
    recovery.run(progress);
    MachineName known =
        machines
            .find(machine)
            .or(() -> removal.keepsSecrets(machine) ? Optional.of(machine) : Optional.empty())
            .orElseThrow(() ->
                Failure.of(FailureCode.NO_SUCH_MACHINE, "there is no machine '" + machine + "'"));
    try (Machines.Locks _ = recovery.lockToDelete(known, "delete " + known, progress)) {
      journal.note(known, Journal.Phase.DELETING, "");
      try (Progress.Step _ = progress.begin("Deleting " + known)) {
        removal.remove(known, progress);
      }
      journal.forget(known);
    }
  }
}
