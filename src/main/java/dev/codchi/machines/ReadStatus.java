package dev.codchi.machines;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells how all machines are, with one call to the backend, whatever their number, and without
 * starting anything.
 */
@ApplicationScoped
public class ReadStatus {
  /**
   * The whole picture.
   *
   * @param store what the store's container is doing; none when it was never made
   * @param machines all machines, sorted by name
   */
  public record Overview(Optional<Container.State> store, List<MachineStatus> machines) {
    public Overview {
      machines = List.copyOf(machines);
    }
  }

  private final Settings settings;
  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final Journal journal;
  private final Generations generations;
  private final SystemState systemState;
  private final Nix nix;

  ReadStatus(
      Settings settings,
      Machines machines,
      MachineContainer container,
      Containers containers,
      Journal journal,
      Generations generations,
      SystemState systemState,
      Nix nix) {
    this.nix = nix;
    this.systemState = systemState;
    this.settings = settings;
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.journal = journal;
    this.generations = generations;
  }

  /** Reads everything. */
  public Overview read() {
    String prefix = settings.require(Setting.INSTANCE_PREFIX);
    Map<String, Container> found =
        containers.list(prefix).stream()
            .collect(Collectors.toMap(Container::name, Function.identity()));
    Map<MachineName, Journal.Entry> unfinished =
        journal.entries().stream()
            .collect(Collectors.toMap(Journal.Entry::machine, Function.identity()));
    List<MachineName> names = machines.names();
    String driver = names.isEmpty() ? "" : nix.driver();
    // Each machine is a handful of small files: with many machines, one processor would be slow.
    List<MachineStatus> all =
        names.parallelStream()
            .map(name ->
                status(
                    name,
                    driver,
                    Optional.ofNullable(found.get(container.name(name))),
                    Optional.ofNullable(unfinished.get(name))))
            .toList();
    return new Overview(
        Optional.ofNullable(found.get(prefix + "store")).map(Container::state), all);
  }

  private MachineStatus status(
      MachineName name,
      String driver,
      Optional<Container> found,
      Optional<Journal.Entry> unfinished) {
    SystemState.Standing standing;
    List<String> modules;
    try {
      MachineDefinition definition = machines.require(name);
      modules = definition.modules().stream().map(MachineDefinition.Module::name).toList();
      standing = systemState.of(definition, driver);
    } catch (Failure unreadable) {
      modules = List.of("(unreadable definition: " + unreadable.code().id() + ")");
      standing =
          new SystemState.Standing(
              MachineStatus.System.UNKNOWN, generations.currentNumber(name), Optional.empty());
    }
    return new MachineStatus(
        name,
        MachineStatus.State.of(found),
        standing.system(),
        standing.generation(),
        standing.updates().map(KnownUpdates::when),
        modules,
        unfinished.map(entry -> entry.phase().name().toLowerCase(java.util.Locale.ROOT)));
  }
}
