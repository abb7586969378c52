package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;

/** Brings a running machine to what the host offers now; a stopped one gets it when it starts. */
@ApplicationScoped
public class RefreshCapabilities {
  private final AttachCapabilities attachCapabilities;
  private final SystemSwitch systemSwitch;
  private final Delivery delivery;

  RefreshCapabilities(
      AttachCapabilities attachCapabilities, SystemSwitch systemSwitch, Delivery delivery) {
    this.attachCapabilities = attachCapabilities;
    this.systemSwitch = systemSwitch;
    this.delivery = delivery;
  }

  /** Refreshes where the host offers something else than last time; otherwise reads a file. */
  void refreshIfChanged(MachineName machine, Progress progress) {
    if (attachCapabilities.changed(machine)) {
      refresh(machine, progress);
    }
  }

  /** Refreshes; what does not work is told. Idempotent. */
  public void refresh(MachineName machine, Progress progress) {
    try {
      if (systemSwitch.running(machine) && attachCapabilities.attach(machine, progress)) {
        delivery.deliver(machine, progress);
      }
    } catch (Failure failed) {
      if (failed.code() == FailureCode.INTERRUPTED) {
        throw failed;
      }
      progress.warn(machine + " keeps what it had of this computer: " + failed.what());
    }
  }
}
