package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
    INSTALLED,
    /** The same for a machine that runs: it has to be restarted for that. */
    RESTART_NEEDED,
    /** A new system was built, looked at and thrown away. */
    TRIED
  }

  /**
   * The result of a rebuild.
   *
   * @param outcome what it did
   * @param changes how the new system's packages differ from those of the one before
   */
  public record Rebuilt(Outcome outcome, ClosureDiff changes) {}

  private final Machines machines;
  private final MachineBuild build;
  private final SystemSwitch systemSwitch;
  private final Journal journal;
  private final Recovery recovery;
  private final Generations generations;
  private final Nix nix;
  private final MachineContainer container;
  private final Containers containers;
  private final SystemFacts systemFacts;
  private final SystemState systemState;

  RebuildMachine(
      Machines machines,
      MachineBuild build,
      SystemSwitch systemSwitch,
      Journal journal,
      Recovery recovery,
      Generations generations,
      Nix nix,
      MachineContainer container,
      Containers containers,
      SystemFacts systemFacts,
      SystemState systemState) {
    this.systemState = systemState;
    this.container = container;
    this.containers = containers;
    this.systemFacts = systemFacts;
    this.machines = machines;
    this.build = build;
    this.systemSwitch = systemSwitch;
    this.journal = journal;
    this.recovery = recovery;
    this.generations = generations;
    this.nix = nix;
  }

  /**
   * Rebuilds a machine from its definition.
   *
   * @param inputs which inputs are brought to their newest state
   * @throws Failure {@code NO_SUCH_MACHINE}, {@code NO_SUCH_MODULE} for an unknown input, {@code
   *     NIX_*}
   */
  public Rebuilt rebuild(MachineName wanted, InputUpdates inputs, Progress progress) {
    recovery.run(progress);
    MachineName machine = machines.known(wanted);
    try (Machines.Locks _ = recovery.lock(machine, "rebuild " + machine, progress)) {
      MachineDefinition definition = machines.require(machine);
      return apply(definition, inputs.of(definition), progress);
    }
  }

  /**
   * Builds what a rebuild would make the machine's system, compares, and throws it away. Nothing of
   * the machine changes; what was built stays in the store until the next garbage collection.
   *
   * @throws Failure as {@link #rebuild}
   */
  public Rebuilt dryRun(MachineName wanted, InputUpdates inputs, Progress progress) {
    recovery.run(progress);
    MachineName machine = machines.known(wanted);
    try (Machines.Locks _ = recovery.lock(machine, "rebuild " + machine, progress)) {
      MachineDefinition definition = machines.require(machine);
      requireEnded(machine);
      journal.note(machine, Journal.Phase.BUILDING, "");
      try {
        MachineBuild.Built built = build.build(definition, inputs.of(definition), progress);
        if (built.unchanged()) {
          return new Rebuilt(Outcome.UP_TO_DATE, ClosureDiff.none());
        }
        return new Rebuilt(
            Outcome.TRIED, difference(generations.current(machine), built.system(), progress));
      } finally {
        build.discard(machine);
        journal.forget(machine);
      }
    }
  }

  /**
   * Finds out whether the machine's repositories have something newer than what it was built from,
   * and remembers the answer for the status. Nothing is built, and no machine is started.
   *
   * @return whether there is something newer
   * @throws Failure as {@link #rebuild}
   */
  public boolean lookForUpdates(MachineName wanted, Progress progress) {
    recovery.run(progress);
    MachineName machine = machines.known(wanted);
    try (Machines.Locks _ = recovery.lock(machine, "look for updates of " + machine, progress)) {
      MachineDefinition definition = machines.require(machine);
      requireEnded(machine);
      journal.note(machine, Journal.Phase.BUILDING, "");
      try {
        boolean available = build.outdated(definition, progress);
        new KnownUpdates(
                available,
                systemState.inputs(machine),
                Instant.now().truncatedTo(ChronoUnit.SECONDS))
            .write(machines.directory(machine));
        return available;
      } finally {
        build.discard(machine);
        journal.forget(machine);
      }
    }
  }

  /** What only looks leaves to a rebuild what an earlier one could not end. */
  private void requireEnded(MachineName machine) {
    journal
        .entry(machine)
        .ifPresent(left -> {
          throw Failure.of(
                  FailureCode.MACHINE_LOCKED,
                  "an earlier rebuild of " + machine + " has to be ended first")
              .next("Run 'codchi rebuild " + machine + "'.");
        });
  }

  /**
   * Rebuilds to a definition that becomes the machine's when everything has succeeded. The caller
   * holds the machine's lock.
   */
  Rebuilt apply(MachineDefinition definition, MachineBuild.Updates updates, Progress progress) {
    MachineName machine = definition.name();
    Optional<String> before = generations.current(machine);
    journal.note(machine, Journal.Phase.BUILDING, "");
    MachineBuild.Built built;
    Outcome outcome;
    try {
      built = build.build(definition, updates, progress);
      outcome = activate(machine, built, progress);
      journal.forget(machine);
    } catch (RuntimeException e) {
      recovery.undo(machine, e, progress);
      throw e;
    }
    return new Rebuilt(
        outcome,
        outcome == Outcome.UP_TO_DATE
            ? ClosureDiff.none()
            : difference(before, built.system(), progress));
  }

  private Outcome activate(MachineName machine, MachineBuild.Built built, Progress progress) {
    if (built.unchanged()) {
      build.publish(machine, built, progress);
      makeContainer(machine, progress);
      return Outcome.UP_TO_DATE;
    }
    boolean running = systemSwitch.running(machine);
    boolean active = running;
    if (running) {
      journal.note(machine, Journal.Phase.SWITCHING, built.system());
      try (Progress.Step _ = progress.begin("Activating the new system")) {
        active = systemSwitch.activate(machine, built.system(), progress);
      }
    }
    journal.note(machine, Journal.Phase.COMMITTING, built.system());
    build.commit(machine, built, progress);
    if (!running) {
      makeContainer(machine, progress);
      rememberRelease(machine, built.system());
    }
    return active ? Outcome.SWITCHED : running ? Outcome.RESTART_NEEDED : Outcome.INSTALLED;
  }

  /** A machine that was only defined so far has no container. */
  private void makeContainer(MachineName machine, Progress progress) {
    if (containers.find(container.name(machine)).isEmpty()) {
      try (Progress.Step _ = progress.begin("Creating " + machine)) {
        containers.create(container.specification(machine));
      }
    }
  }

  /** The release that a machine was first built with stays that of its state. */
  private void rememberRelease(MachineName machine, String system) {
    MachineDefinition definition = machines.require(machine);
    if (!definition.facts().containsKey(MachineFlake.STATE_VERSION)) {
      systemFacts
          .stateVersion(system)
          .map(release -> definition.withFact(MachineFlake.STATE_VERSION, release))
          .ifPresent(settled -> build.settle(settled, system));
    }
  }

  /** The machine is what it is to be by now, so a comparison that fails is only told. */
  private ClosureDiff difference(Optional<String> before, String after, Progress progress) {
    if (before.isEmpty()) {
      return ClosureDiff.none();
    }
    try {
      return ClosureDiff.parse(
          nix.run(List.of("store", "diff-closures", before.get(), after), progress));
    } catch (Failure failed) {
      if (failed.code() == FailureCode.INTERRUPTED) {
        throw failed;
      }
      progress.warn("nix could not compare the systems: " + failed.why());
      return ClosureDiff.none();
    }
  }
}
