package dev.codchi.machines;

import dev.codchi.config.Directories;
import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.process.HostProgram;
import dev.codchi.progress.Progress;
import dev.codchi.store.StoreCollector;
import dev.codchi.store.StorePaths;
import dev.codchi.store.StoreRoots;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells how much disk space machines and the store take: with one call to the backend for the
 * containers, two programs in the store and one on the host, whatever the number of machines. No
 * machine is started.
 */
@ApplicationScoped
public class MeasureDisk {
  /**
   * What a machine takes, in bytes.
   *
   * @param home its home, as the file system counts
   * @param wholeHome whether all of the home could be read; else it is larger
   * @param files other files of its own, outside of home and store; nothing where the storage pool
   *     does not count them
   * @param systems all that its generations, links and programs need of the store, unpacked
   * @param alone the part of it that no other machine needs
   */
  public record OfMachine(
      long home, boolean wholeHome, Optional<Long> files, long systems, long alone) {}

  /**
   * Everything.
   *
   * @param storeBytes the size of the store, unpacked
   * @param storePaths how many paths it has
   * @param freeBytes what is free where codchi keeps its data
   */
  public record Usage(
      Map<MachineName, OfMachine> machines, long storeBytes, int storePaths, long freeBytes) {
    /** Copies the map. */
    public Usage {
      machines = Map.copyOf(machines);
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Settings settings;
  private final Machines machines;
  private final MachineContainer machineContainer;
  private final Containers containers;
  private final StoreCollector store;
  private final StoreRoots roots;

  MeasureDisk(
      Settings settings,
      Machines machines,
      MachineContainer machineContainer,
      Containers containers,
      StoreCollector store,
      StoreRoots roots) {
    this.settings = settings;
    this.machines = machines;
    this.machineContainer = machineContainer;
    this.containers = containers;
    this.store = store;
    this.roots = roots;
  }

  /**
   * Measures. Starts the store if need be. What machines use of the store besides their generations
   * is known from the last garbage collection.
   *
   * @throws Failure {@code STORE_*}, and the backend's
   */
  public Usage measure(Progress progress) {
    store.prepare(progress);
    try (Progress.Step _ = progress.begin("Measuring")) {
      List<MachineName> names = machines.names();
      Map<Path, Home> homes = homes(names);
      Map<String, Long> files = containers.diskUsage(machineContainer.namePrefix());
      StorePaths paths = store.paths(progress);
      Map<String, Set<String>> needs = needs(roots.all(List.of()), paths);
      Map<MachineName, OfMachine> all = new HashMap<>();
      for (MachineName machine : names) {
        Home home =
            homes.getOrDefault(settings.directories().home(machine.value()), new Home(0, true));
        Set<String> needed = needs.getOrDefault(machine.value(), Set.of());
        all.put(
            machine,
            new OfMachine(
                home.bytes(),
                home.whole(),
                Optional.ofNullable(files.get(machineContainer.name(machine))),
                paths.bytes(needed),
                paths.bytes(alone(machine.value(), needs))));
      }
      return new Usage(all, paths.bytes(paths.names()), paths.names().size(), free());
    }
  }

  /** What machines need, and under an empty name what everybody else needs. */
  static Map<String, Set<String>> needs(List<StoreRoots.Root> roots, StorePaths paths) {
    Map<String, List<String>> direct = new TreeMap<>();
    for (StoreRoots.Root root : roots) {
      String owner = RootOwner.machine(RootOwner.of(root.owner())).orElse("");
      direct.computeIfAbsent(owner, _ -> new ArrayList<>()).add(root.path());
    }
    Map<String, Set<String>> needs = new TreeMap<>();
    direct.forEach((owner, needed) -> needs.put(owner, paths.closure(needed)));
    return needs;
  }

  /** What a machine needs and nobody else does. */
  static Set<String> alone(String machine, Map<String, Set<String>> needs) {
    Set<String> alone = new HashSet<>(needs.getOrDefault(machine, Set.of()));
    needs.forEach((owner, needed) -> {
      if (!owner.equals(machine)) {
        alone.removeAll(needed);
      }
    });
    return alone;
  }

  private record Home(long bytes, boolean whole) {}

  /** {@code du} counts blocks, and files with several names once, which Java cannot see. */
  private Map<Path, Home> homes(List<MachineName> names) {
    Directories directories = settings.directories();
    List<String> command =
        new ArrayList<>(List.of("du", "--summarize", "--block-size=1", "--one-file-system", "--"));
    names.stream()
        .map(machine -> directories.home(machine.value()))
        .filter(Files::isDirectory)
        .forEach(home -> command.add(home.toString()));
    Map<Path, Home> homes = new HashMap<>();
    if (command.getLast().equals("--")) {
      return homes;
    }
    HostProgram.Result result = HostProgram.run(command, PATIENCE);
    for (String line : result.output().split("\n", -1)) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        String home = line.substring(tab + 1);
        boolean whole =
            !result.errors().contains(home + "/") && !result.errors().contains(home + "'");
        homes.put(Path.of(home), new Home(Long.parseLong(line.substring(0, tab)), whole));
      }
    }
    return homes;
  }

  private long free() {
    Path data = settings.directories().data();
    try {
      return Files.getFileStore(data).getUsableSpace();
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot look at " + data)
          .because(e.toString())
          .causedBy(e);
    }
  }
}
