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
   * How a system stands.
   *
   * @param generation number of the present generation; none when it was never built
   * @param updates what was found when somebody last looked for updates; nothing when the machine
   *     was built from something else since
   */
  record Standing(
      MachineStatus.System system, Optional<Integer> generation, Optional<KnownUpdates> updates) {}

  /**
   * How the system stands.
   *
   * @param driver the machine driver that a rebuild would take now
   */
  Standing of(MachineDefinition definition, String driver) {
    MachineName machine = definition.name();
    Optional<Integer> generation = generations.currentNumber(machine);
    String built = inputs(machine);
    Optional<KnownUpdates> updates =
        KnownUpdates.read(machines.directory(machine))
            .filter(known -> known.inputs().equals(built));
    return new Standing(
        generation.isEmpty()
            ? MachineStatus.System.NOT_INSTALLED
            : compared(definition, driver, built, updates),
        generation,
        updates);
  }

  private MachineStatus.System compared(
      MachineDefinition definition, String driver, String built, Optional<KnownUpdates> updates) {
    if (!built.equals(flakes.wanted(definition, driver))) {
      return MachineStatus.System.MODIFIED;
    }
    if (definition.modules().stream().anyMatch(MachineBuild::changesUnnoticed)) {
      return MachineStatus.System.WORKING_COPY;
    }
    return updates.filter(KnownUpdates::available).isPresent()
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
