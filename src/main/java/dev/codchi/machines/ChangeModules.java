package dev.codchi.machines;

import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Adds, changes and deletes modules of a machine. With a build, definition, lock and generation
 * change together and only when all of it succeeded; without one only the definition does, and the
 * next rebuild follows it.
 */
@ApplicationScoped
public class ChangeModules {
  /**
   * What was done.
   *
   * @param before the machine as it was defined
   * @param after the machine as it is defined now
   * @param rebuilt what the rebuild did; none where nothing was built
   */
  public record Changed(
      MachineDefinition before,
      MachineDefinition after,
      Optional<RebuildMachine.Rebuilt> rebuilt) {}

  private final Machines machines;
  private final DescribeMachine describeMachine;
  private final RebuildMachine rebuildMachine;
  private final Recovery recovery;

  ChangeModules(
      Machines machines,
      DescribeMachine describeMachine,
      RebuildMachine rebuildMachine,
      Recovery recovery) {
    this.machines = machines;
    this.describeMachine = describeMachine;
    this.rebuildMachine = rebuildMachine;
    this.recovery = recovery;
  }

  /**
   * Adds modules of one repository.
   *
   * @param build whether the machine is rebuilt with them now
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}, {@code MODULE_EXISTS}, {@code
   *     BAD_REFERENCE}, {@code NIX_*}
   */
  public Changed add(MachineName machine, ModuleWish wish, boolean build, Progress progress) {
    return change(
        machine, "module add", old -> describeMachine.with(old, wish, progress), build, progress);
  }

  /**
   * Changes one module.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}, {@code NO_SUCH_MODULE}, {@code
   *     MODULE_EXISTS}, {@code BAD_REFERENCE}, {@code NIX_*}
   */
  public Changed set(
      MachineName machine, String module, ModuleWish wish, boolean build, Progress progress) {
    return change(
        machine,
        "module set",
        old -> describeMachine.withChanged(old, module, wish, progress),
        build,
        progress);
  }

  /**
   * Deletes one module.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}, {@code NO_SUCH_MODULE}, {@code
   *     MODULE_EXISTS} when nixpkgs follows it, {@code NIX_*}
   */
  public Changed delete(MachineName machine, String module, boolean build, Progress progress) {
    return change(machine, "module delete", old -> old.withoutModule(module), build, progress);
  }

  private Changed change(
      MachineName wanted,
      String doing,
      UnaryOperator<MachineDefinition> change,
      boolean build,
      Progress progress) {
    recovery.run(progress);
    MachineName machine = machines.known(wanted);
    try (Machines.Locks _ = recovery.lock(machine, doing + " " + machine, progress)) {
      MachineDefinition before = machines.require(machine);
      MachineDefinition after = change.apply(before);
      if (!build) {
        machines.save(after);
        return new Changed(before, after, Optional.empty());
      }
      return new Changed(
          before,
          after,
          Optional.of(rebuildMachine.apply(after, new MachineBuild.Updates.None(), progress)));
    }
  }
}
