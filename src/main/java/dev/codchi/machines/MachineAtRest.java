package dev.codchi.machines;

import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/**
 * Work on all files of a machine while nothing of the machine runs; see {@link RestingContainers}.
 */
@ApplicationScoped
public class MachineAtRest {
  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final RestingContainers resting;
  private final Recovery recovery;
  private final StopMachine stopMachine;
  private final StartMachine startMachine;

  MachineAtRest(
      Machines machines,
      MachineContainer container,
      Containers containers,
      RestingContainers resting,
      Recovery recovery,
      StopMachine stopMachine,
      StartMachine startMachine) {
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.resting = resting;
    this.recovery = recovery;
    this.stopMachine = stopMachine;
    this.startMachine = startMachine;
  }

  /**
   * Works on a machine's files. The store need not run. Other codchi processes are kept off the
   * machine meanwhile.
   *
   * @param doing shown to who waits, for example {@code "tar web"}
   * @param stop whether a running machine is stopped for the work and started again afterwards
   * @throws Failure {@code MACHINE_RUNNING} when it runs and is not to be stopped; {@code
   *     NO_SUCH_MACHINE}; what the work throws
   */
  public <T> T work(
      MachineName name,
      String doing,
      boolean stop,
      Progress progress,
      Function<RestingMachine, T> work) {
    recovery.run(progress);
    MachineName machine = machines.known(name);
    T result;
    boolean running;
    try (Machines.Locks _ = recovery.lock(machine, doing, progress)) {
      running = running(machine);
      if (running && !stop) {
        throw Failure.of(FailureCode.MACHINE_RUNNING, "the machine " + machine + " is running")
            .because("its files would change while they are read");
      }
      try {
        if (running) {
          stopMachine.stop(machine, false, progress);
        }
        result = resting.with(machine, work);
      } catch (RuntimeException failed) {
        if (running) {
          startAgain(machine, failed, progress);
        }
        throw failed;
      }
    }
    if (running) {
      startMachine.start(machine, progress);
    }
    return result;
  }

  private void startAgain(MachineName machine, RuntimeException failed, Progress progress) {
    Undo.after(failed, () -> startMachine.start(machine, progress));
  }

  private boolean running(MachineName machine) {
    return containers
        .find(container.name(machine))
        .map(found -> found.state() != Container.State.STOPPED)
        .orElseThrow(() -> machines.withoutContainer(machine));
  }
}
