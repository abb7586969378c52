package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.store.StoreCollector;
import dev.codchi.store.StorePaths;
import dev.codchi.store.StoreRoots;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Frees what no machine uses any more. Never runs while a machine is rebuilt, and never removes
 * what a machine, its home or its running programs need.
 */
@ApplicationScoped
public class CollectGarbage {
  /**
   * What is wanted.
   *
   * @param machines whose old generations are deleted; empty for none
   * @param olderThan how old a generation must be; zero: all but the present one
   * @param dryRun whether nothing is changed
   */
  public record Wish(List<MachineName> machines, Duration olderThan, boolean dryRun) {
    /** Copies the list. */
    public Wish {
      machines = List.copyOf(machines);
    }
  }

  /**
   * One reason for which something stays.
   *
   * @param owner in people's words
   * @param bytes everything that it needs
   * @param alone the part of it that nothing else needs
   */
  public record Kept(String owner, long bytes, long alone) {}

  /**
   * A store path that is removed.
   *
   * @param name its last part, {@code HASH-NAME}
   * @param bytes its size, unpacked
   */
  public record Freed(String name, long bytes) {}

  /** A generation that is deleted. */
  public record Deleted(MachineName machine, int generation) {}

  /**
   * What was done, or would be.
   *
   * @param deleted old generations
   * @param freed store paths that are removed, largest first
   * @param kept why the rest stays, largest first
   */
  public record Report(List<Deleted> deleted, List<Freed> freed, List<Kept> kept) {
    /** Copies the lists. */
    public Report {
      deleted = List.copyOf(deleted);
      freed = List.copyOf(freed);
      kept = List.copyOf(kept);
    }

    /** The size of all that is freed. */
    public long bytes() {
      return freed.stream().mapToLong(Freed::bytes).sum();
    }
  }

  private final Settings settings;
  private final Machines machines;
  private final Generations generations;
  private final WhatMachinesUse whatMachinesUse;
  private final StoreRoots roots;
  private final StoreCollector collector;
  private final Recovery recovery;

  CollectGarbage(
      Settings settings,
      Machines machines,
      Generations generations,
      WhatMachinesUse whatMachinesUse,
      StoreRoots roots,
      StoreCollector collector,
      Recovery recovery) {
    this.settings = settings;
    this.machines = machines;
    this.generations = generations;
    this.whatMachinesUse = whatMachinesUse;
    this.roots = roots;
    this.collector = collector;
    this.recovery = recovery;
  }

  /**
   * Collects. Waits for rebuilds that are under way; rebuilds wait for it.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}, {@code MACHINE_LOCKED}, {@code STORE_COLLECT}, {@code
   *     NIX_*}
   */
  public Report collect(Wish wish, Progress progress) {
    recovery.run(progress);
    List<MachineName> chosen = wish.machines().stream().map(machines::known).toList();
    try (Machines.Locks _ = machines.lockAll("gc", progress)) {
      collector.prepare(progress);
      List<Deleted> old = old(chosen, wish.olderThan());
      StorePaths before = collector.paths(progress);
      List<StoreRoots.Use> uses;
      List<StoreRoots.Root> kept;
      // The last thing before the collection: what machines begin to use after it, nix must see.
      try (Progress.Step _ = progress.begin("Finding out what is in use")) {
        uses = whatMachinesUse.now();
        kept = roots.refresh(uses);
      }
      if (wish.dryRun()) {
        return foretell(old, before, kept);
      }
      collect(old, progress);
      StorePaths after = collector.paths(progress);
      Set<String> freed = new HashSet<>(before.names());
      freed.removeAll(after.names());
      return new Report(old, freed(freed, before), kept(owners(roots.all(uses), after), after));
    }
  }

  private List<Deleted> old(List<MachineName> chosen, Duration olderThan) {
    List<Deleted> old = new ArrayList<>();
    Instant limit = Instant.now().minus(olderThan);
    for (MachineName machine : chosen) {
      for (Generations.Generation one : generations.list(machine)) {
        if (!one.current() && !one.made().isAfter(limit)) {
          old.add(new Deleted(machine, one.number()));
        }
      }
    }
    return old;
  }

  private static Report foretell(List<Deleted> old, StorePaths paths, List<StoreRoots.Root> roots) {
    Set<String> gone = new HashSet<>();
    old.forEach(one -> gone.add(RootOwner.generation(one.machine().value(), one.generation())));
    Map<String, Set<String>> owners = owners(roots, paths);
    owners.keySet().removeAll(gone);
    Set<String> live = new HashSet<>();
    owners.values().forEach(live::addAll);
    Set<String> dead = new HashSet<>(paths.names());
    dead.removeAll(live);
    return new Report(old, freed(dead, paths), kept(owners, paths));
  }

  private void collect(List<Deleted> old, Progress progress) {
    for (Deleted one : old) {
      Path link =
          settings
              .directories()
              .profiles(one.machine().value())
              .resolve("system-" + one.generation() + "-link");
      try {
        Files.deleteIfExists(link);
      } catch (IOException e) {
        throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot remove " + link)
            .because(e.toString())
            .causedBy(e);
      }
    }
    try (Progress.Step _ = progress.begin("Collecting garbage")) {
      collector.collect(progress);
    }
  }

  private static List<Freed> freed(Set<String> names, StorePaths paths) {
    return names.stream()
        .map(name -> new Freed(name, paths.bytes(List.of(name))))
        .sorted(Comparator.comparingLong(Freed::bytes).reversed().thenComparing(Freed::name))
        .toList();
  }

  /** What each owner needs. */
  private static Map<String, Set<String>> owners(List<StoreRoots.Root> roots, StorePaths paths) {
    Map<String, List<String>> direct = new TreeMap<>();
    for (StoreRoots.Root root : roots) {
      direct
          .computeIfAbsent(RootOwner.of(root.owner()), ignored -> new ArrayList<>())
          .add(root.path());
    }
    Map<String, Set<String>> owners = new TreeMap<>();
    direct.forEach((owner, needed) -> owners.put(owner, paths.closure(needed)));
    return owners;
  }

  private static List<Kept> kept(Map<String, Set<String>> owners, StorePaths paths) {
    Map<String, Integer> wanted = new HashMap<>();
    owners.values().forEach(all -> all.forEach(path -> wanted.merge(path, 1, Integer::sum)));
    List<Kept> kept = new ArrayList<>();
    owners.forEach((owner, all) -> {
      List<String> alone =
          all.stream()
              .filter(path -> Optional.ofNullable(wanted.get(path)).orElse(0) == 1)
              .toList();
      kept.add(new Kept(owner, paths.bytes(all), paths.bytes(alone)));
    });
    kept.sort(Comparator.comparingLong(Kept::bytes).reversed().thenComparing(Kept::owner));
    return kept;
  }
}
