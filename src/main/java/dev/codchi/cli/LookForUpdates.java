package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.RebuildMachine;
import jakarta.enterprise.context.ApplicationScoped;

/** Looks for updates of machine after machine; one that fails does not keep the others back. */
@ApplicationScoped
public class LookForUpdates {
  private final Machines machines;
  private final RebuildMachine rebuildMachine;
  private final FailurePrinter failures;
  private final ConsoleProgress progress;

  LookForUpdates(
      Machines machines,
      RebuildMachine rebuildMachine,
      FailurePrinter failures,
      ConsoleProgress progress) {
    this.machines = machines;
    this.rebuildMachine = rebuildMachine;
    this.failures = failures;
    this.progress = progress;
  }

  /** Looks, and returns the exit status of the first failure, or 0. */
  int inAll() {
    int status = 0;
    for (MachineName machine : machines.names()) {
      try {
        rebuildMachine.lookForUpdates(machine, progress);
      } catch (Failure failure) {
        if (failure.code() == FailureCode.INTERRUPTED || Thread.currentThread().isInterrupted()) {
          throw failure;
        }
        int failed = failures.print(failure);
        status = status == 0 ? failed : status;
      }
    }
    return status;
  }
}
