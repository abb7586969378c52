package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.CollectedSecrets;
import dev.codchi.progress.Progress;
import dev.codchi.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Brings a machine up, the store before it. */
@ApplicationScoped
public class StartMachine {
  private static final String WAIT = MachineContainer.SYSTEM + "/sw/bin/codchi-wait";
  private static final int LOG_TAIL = 1500;
  private static final int SIGTERM = 15;

  /**
   * An init script that fetches a project may take long, so this is only for a machine that will
   * never be up.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final Executor executor;
  private final Store store;
  private final Delivery delivery;
  private final AttachCapabilities attachCapabilities;
  private final Journal journal;
  private final Recovery recovery;
  private final SeenUp seenUp;

  StartMachine(
      Machines machines,
      MachineContainer container,
      Containers containers,
      Executor executor,
      Store store,
      Delivery delivery,
      AttachCapabilities attachCapabilities,
      Journal journal,
      Recovery recovery,
      SeenUp seenUp) {
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.executor = executor;
    this.store = store;
    this.delivery = delivery;
    this.attachCapabilities = attachCapabilities;
    this.journal = journal;
    this.recovery = recovery;
    this.seenUp = seenUp;
  }

  /**
   * Starts a machine and waits until its services are up. Idempotent.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}; {@code NOT_INSTALLED}; {@code MACHINE_LOCKED} while it
   *     is exported or imported; {@code MACHINE_BOOT} when it does not come up, with its own words
   */
  public void start(MachineName wanted, Progress progress) {
    MachineName machine = machines.known(wanted);
    recovery.run(progress);
    requireFree(machine);
    try {
      bringUp(machine, progress);
    } catch (Failure e) {
      throw e.code() == FailureCode.CONTAINER_MISSING
          ? machines.withoutContainer(machine).causedBy(e)
          : e;
    }
  }

  private void requireFree(MachineName machine) {
    journal
        .entry(machine)
        .filter(entry -> entry.phase() == Journal.Phase.AT_REST)
        .ifPresent(entry -> {
          throw Failure.of(
                  FailureCode.MACHINE_LOCKED, "the files of " + machine + " are being worked on")
              .because("it cannot run meanwhile");
        });
  }

  /** Starts a container whose definition is known to be there or about to be. */
  void bringUp(MachineName machine, Progress progress) {
    store.ensureRunning(progress);
    // Before the start, so that a locked keyring leaves no machine half started.
    try (CollectedSecrets secrets =
            delivery.collect(machine, delivery.declared(machine), progress);
        Progress.Step _ = progress.begin("Starting " + machine)) {
      attachCapabilities.attach(machine, progress);
      seenUp.remove(machine);
      // Again, since the store or a person may have taken a while.
      requireFree(machine);
      containers.start(container.name(machine));
      delivery.send(machine, MachineContainer.SYSTEM, secrets);
      awaitBoot(machine, progress);
      seenUp.add(machine);
    }
  }

  /** Waits inside the machine, where systemd tells when it is done. */
  private void awaitBoot(MachineName machine, Progress progress) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Executor.Running waiting =
        executor.start(
            new Execution(
                container.name(machine),
                List.of(WAIT),
                Map.of("PATH", MachineContainer.SYSTEM + "/sw/bin"),
                0,
                0,
                "/",
                new Execution.Streams(null, said, said)));
    AtomicBoolean tooLate = new AtomicBoolean();
    Thread limit = Thread.ofPlatform().daemon().start(() -> endAfterPatience(waiting, tooLate));
    int status = waiting.await();
    limit.interrupt();
    if (tooLate.get()) {
      throw Failure.of(
              FailureCode.MACHINE_BOOT,
              "the machine "
                  + machine
                  + " has not finished booting after "
                  + PATIENCE.toMinutes()
                  + " minutes")
          .next("It runs, and 'codchi logs " + machine + "' shows what it waits for.");
    }
    String state = said.toString(StandardCharsets.UTF_8).strip();
    if (status != 0) {
      String console = containers.consoleLog(container.name(machine)).strip();
      throw Failure.of(FailureCode.MACHINE_BOOT, "the machine " + machine + " did not come up")
          .because(
              "systemd says '%s'%s"
                  .formatted(
                      state,
                      console.isEmpty()
                          ? ""
                          : "; its console ends with:\n"
                              + console.substring(Math.max(0, console.length() - LOG_TAIL))));
    }
    if (state.startsWith("degraded")) {
      progress.warn(
          "some services of "
              + machine
              + " did not start; 'codchi logs "
              + machine
              + "' shows them");
    }
  }

  private static void endAfterPatience(Executor.Running waiting, AtomicBoolean tooLate) {
    try {
      // A deadline: the thread is interrupted when the machine is up before.
      Thread.sleep(PATIENCE);
      tooLate.set(true);
      waiting.signal(SIGTERM);
    } catch (InterruptedException inTime) {
      Thread.currentThread().interrupt();
    }
  }
}
