package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import dev.codchi.machines.capabilities.Consents;
import dev.codchi.machines.capabilities.SettleConsents;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Makes a machine: builds its system, creates its container and boots it. All or nothing. */
@ApplicationScoped
public class InitMachine {
  private final Machines machines;
  private final MachineBuild build;
  private final MachineContainer container;
  private final Containers containers;
  private final StartMachine startMachine;
  private final MachineRemoval removal;
  private final Journal journal;
  private final Recovery recovery;
  private final SystemFacts systemFacts;
  private final AttachCapabilities attachCapabilities;
  private final WorkingCopy workingCopy;
  private final SettleConsents settleConsents;

  InitMachine(
      Machines machines,
      MachineBuild build,
      MachineContainer container,
      Containers containers,
      StartMachine startMachine,
      MachineRemoval removal,
      Journal journal,
      Recovery recovery,
      SystemFacts systemFacts,
      AttachCapabilities attachCapabilities,
      WorkingCopy workingCopy,
      SettleConsents settleConsents) {
    this.settleConsents = settleConsents;
    this.workingCopy = workingCopy;
    this.machines = machines;
    this.build = build;
    this.container = container;
    this.containers = containers;
    this.startMachine = startMachine;
    this.removal = removal;
    this.journal = journal;
    this.recovery = recovery;
    this.systemFacts = systemFacts;
    this.attachCapabilities = attachCapabilities;
  }

  /**
   * How a machine is made.
   *
   * @param copy a repository that is cloned into its home before it is built
   * @param build whether it is built and started now; else only defined
   * @param initScript whether its first start runs the init script of its modules
   * @param allowed what it may use of this computer
   */
  public record Manner(
      Optional<WorkingCopy.Wish> copy, boolean build, boolean initScript, Consents allowed) {}

  /**
   * Makes a machine from a definition and starts it. When anything fails, or codchi is interrupted,
   * nothing of it is left; killed, the next run of codchi removes what is left.
   *
   * @param allowed what a person allows it beforehand
   * @throws Failure {@code MACHINE_EXISTS}, {@code CONTAINER_EXISTS}, {@code NIX_*}, {@code
   *     SECRETS_MISSING}, {@code MACHINE_BOOT}
   */
  public void init(MachineDefinition definition, Manner manner, Progress progress) {
    recovery.run(progress);
    MachineName machine = definition.name();
    try (Machines.Locks _ = recovery.lockNew(machine, "init " + machine, progress)) {
      refuseTaken(machine);
      try {
        journal.note(machine, Journal.Phase.CREATING, "");
        allow(definition, manner);
        prepareHome(machine, manner, progress);
        if (manner.build()) {
          create(definition, progress);
        } else {
          machines.save(definition);
        }
      } catch (RuntimeException e) {
        undo(machine, e, progress);
        throw e;
      }
      journal.forget(machine);
    }
  }

  /**
   * Fails when a machine of that name cannot be made, so that nothing is asked, fetched or kept for
   * it.
   *
   * @throws Failure {@code MACHINE_EXISTS}, {@code CONTAINER_EXISTS}
   */
  public void requireFree(MachineName machine, Progress progress) {
    recovery.run(progress);
    refuseTaken(machine);
  }

  void refuseTaken(MachineName machine) {
    machines
        .find(machine)
        .ifPresent(taken -> {
          throw Failure.of(FailureCode.MACHINE_EXISTS, "there is already a machine '" + taken + "'")
              .because(
                  taken.value().equals(machine.value())
                      ? null
                      : "names that differ only in case are the same");
        });
    if (containers.find(container.name(machine)).isPresent()) {
      throw Failure.of(
          FailureCode.CONTAINER_EXISTS,
          "there is already a container '" + container.name(machine) + "'");
    }
  }

  private void allow(MachineDefinition definition, Manner manner) {
    MachineName machine = definition.name();
    if (!manner.allowed().answers().isEmpty()) {
      Consents allowed =
          settleConsents.complete(
              machine.value(), manner.allowed(), RepositoryServers.of(definition, manner.copy()));
      Person.current().directory(machines.directory(machine), "rwxr-xr-x");
      allowed.write(attachCapabilities.side(machine));
    }
  }

  private void prepareHome(MachineName machine, Manner manner, Progress progress) {
    manner.copy().ifPresent(copy -> workingCopy.make(machine, copy, progress));
    if (!manner.initScript()) {
      workingCopy.leaveOutInitScript(machine);
    }
  }

  private void create(MachineDefinition definition, Progress progress) {
    MachineName machine = definition.name();
    MachineBuild.Built built = build.build(definition, new MachineBuild.Updates.None(), progress);
    build.commit(machine, built, progress);
    try (Progress.Step _ = progress.begin("Creating " + machine)) {
      containers.create(container.specification(machine));
    }
    startMachine.bringUp(machine, progress);
    build.settle(
        systemFacts
            .stateVersion(built.system())
            .map(release -> definition.withFact(MachineFlake.STATE_VERSION, release))
            .orElse(definition),
        built.system());
  }

  private void undo(MachineName machine, RuntimeException failed, Progress progress) {
    // Where that fails, the journal still has its note, so the next run tries again.
    Undo.after(
        failed,
        () -> {
          try (Progress.Step _ = progress.begin("Removing what was made of " + machine)) {
            removal.removeUnfinished(machine, progress);
            journal.forget(machine);
          }
        });
  }
}
