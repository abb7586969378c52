package dev.codchi.machines;

import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Tells how a machine's system stands to its definition, from files alone: nothing is started,
 * asked or evaluated.
 */
@ApplicationScoped
class SystemState {
  private final Machines machines;
  private final Generations generations;
  private final MachineBuild build;
  private final Nix nix;

  SystemState(Machines machines, Generations generations, MachineBuild build, Nix nix) {
    this.machines = machines;
    this.generations = generations;
    this.build = build;
    this.nix = nix;
  }

  /** The machine driver that a rebuild would take now; the same for all machines. */
  String driver() {
    return nix.driver();
  }

  /**
   * How the system stands.
   *
   * @param driver from {@link #driver}
   */
  MachineStatus.System of(MachineDefinition definition, String driver) {
    MachineName machine = definition.name();
    if (generations.currentNumber(machine).isEmpty()) {
      return MachineStatus.System.NOT_INSTALLED;
    }
    String built = inputs(machine);
    if (!built.equals(build.wanted(definition, driver))) {
      return MachineStatus.System.MODIFIED;
    }
    if (definition.modules().stream().anyMatch(MachineBuild::changesUnnoticed)) {
      return MachineStatus.System.WORKING_COPY;
    }
    return KnownUpdates.read(machines.directory(machine))
            .filter(known -> known.available() && known.inputs().equals(built))
            .isPresent()
        ? MachineStatus.System.UPDATES_AVAILABLE
        : MachineStatus.System.UP_TO_DATE;
  }

  /** What the present system was built from; empty where that is not known. */
  String inputs(MachineName machine) {
    return InstalledSystem.read(machines.directory(machine))
        .map(InstalledSystem::inputs)
        .orElse("");
  }
}
