package dev.codchi.machines;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Tells how a machine's system stands to its definition, from files alone: nothing is started,
 * asked or evaluated.
 */
@ApplicationScoped
class SystemState {
  private final Machines machines;
  private final Generations generations;
  private final FlakeFiles flakes;

  SystemState(Machines machines, Generations generations, FlakeFiles flakes) {
    this.machines = machines;
    this.generations = generations;
    this.flakes = flakes;
  }

  /**
   * How the system stands.
   *
   * @param driver the machine driver that a rebuild would take now
   */
  MachineStatus.System of(MachineDefinition definition, String driver) {
    MachineName machine = definition.name();
    if (generations.currentNumber(machine).isEmpty()) {
      return MachineStatus.System.NOT_INSTALLED;
    }
    String built = inputs(machine);
    if (!built.equals(flakes.wanted(definition, driver))) {
      return MachineStatus.System.MODIFIED;
    }
    if (definition.modules().stream().anyMatch(MachineBuild::changesUnnoticed)) {
      return MachineStatus.System.WORKING_COPY;
    }
    return knownUpdates(machine).filter(KnownUpdates::available).isPresent()
        ? MachineStatus.System.UPDATES_AVAILABLE
        : MachineStatus.System.UP_TO_DATE;
  }

  /**
   * What was found when somebody last looked for updates; nothing when the machine was built from
   * something else since.
   */
  Optional<KnownUpdates> knownUpdates(MachineName machine) {
    String built = inputs(machine);
    return KnownUpdates.read(machines.directory(machine))
        .filter(known -> known.inputs().equals(built));
  }

  /** What the present system was built from; empty where that is not known. */
  String inputs(MachineName machine) {
    return InstalledSystem.read(machines.directory(machine))
        .map(InstalledSystem::inputs)
        .orElse("");
  }
}
