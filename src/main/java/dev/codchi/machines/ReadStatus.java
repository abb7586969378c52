package dev.codchi.machines;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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
    // The backend's answer comes while the machines' files are read.
    FutureTask<Map<String, Container>> asked =
        new FutureTask<>(() ->
            containers.list(prefix).stream()
                .collect(Collectors.toMap(Container::name, Function.identity())));
    Thread.ofPlatform().daemon().name("list containers").start(asked);
    Map<MachineName, Journal.Entry> unfinished =
        journal.entries().stream()
            .collect(Collectors.toMap(Journal.Entry::machine, Function.identity()));
    List<MachineName> names = machines.names();
    String driver = names.isEmpty() ? "" : nix.driver();
    // Each machine is a handful of small files, so many machines are work for all processors.
    List<Kept> kept = names.parallelStream().map(name -> kept(name, driver)).toList();
    Map<String, Container> found = answer(asked);
    return new Overview(
        Optional.ofNullable(found.get(prefix + "store")).map(Container::state),
        kept.stream().map(one -> status(one, found, unfinished)).toList());
  }

  private static <T> T answer(Future<T> asked) {
    try {
      return asked.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted(interrupted);
    }
  }

  /** What a machine's files say. */
  private record Kept(MachineName name, SystemState.Standing standing, List<String> modules) {}

  private Kept kept(MachineName name, String driver) {
    try {
      MachineDefinition definition = machines.require(name);
      return new Kept(
          name,
          systemState.of(definition, driver),
          definition.modules().stream().map(MachineDefinition.Module::name).toList());
    } catch (Failure unreadable) {
      return new Kept(
          name,
          new SystemState.Standing(
              MachineStatus.System.UNKNOWN, generationIfReadable(name), Optional.empty()),
          List.of("(unreadable definition: " + unreadable.code().id() + ")"));
    }
  }

  private Optional<Integer> generationIfReadable(MachineName name) {
    try {
      return generations.currentNumber(name);
    } catch (Failure unreadable) {
      return Optional.empty();
    }
  }

  private MachineStatus status(
      Kept kept, Map<String, Container> found, Map<MachineName, Journal.Entry> unfinished) {
    MachineName name = kept.name();
    SystemState.Standing standing = kept.standing();
    return new MachineStatus(
        name,
        MachineStatus.State.of(Optional.ofNullable(found.get(container.name(name)))),
        standing.system(),
        standing.generation(),
        standing.updates().map(KnownUpdates::when),
        kept.modules(),
        Optional.ofNullable(unfinished.get(name))
            .map(entry -> entry.phase().name().toLowerCase(Locale.ROOT)));
  }
}
