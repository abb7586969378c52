package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;

/** Shuts a machine down. */
@ApplicationScoped
public class StopMachine {
  private static final int GRACE_SECONDS = 30;

  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final SeenUp seenUp;

  StopMachine(Machines machines, MachineContainer container, Containers containers, SeenUp seenUp) {
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.seenUp = seenUp;
  }

  /**
   * Shuts a machine down in order; by force when that takes longer than half a minute or when asked
   * to. Idempotent.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}
   */
  public void stop(MachineName wanted, boolean force, Progress progress) {
    MachineName machine = machines.known(wanted);
    try (Progress.Step _ = progress.begin("Stopping " + machine)) {
      seenUp.remove(machine);
      containers.stop(container.name(machine), force ? 0 : GRACE_SECONDS);
    }
  }
}
