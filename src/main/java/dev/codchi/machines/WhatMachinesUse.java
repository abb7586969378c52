package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.store.StoreRoots;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which parts of the store machines use that nix does not see from the store's container. */
@ApplicationScoped
class WhatMachinesUse {
  private final Settings settings;
  private final Machines machines;
  private final MachineContainer machineContainer;
  private final Containers containers;
  private final RunningPrograms runningPrograms;
  private final RegisteredLinks registeredLinks;
  private final StoreRoots roots;

  WhatMachinesUse(
      Settings settings,
      Machines machines,
      MachineContainer machineContainer,
      Containers containers,
      RunningPrograms runningPrograms,
      RegisteredLinks registeredLinks,
      StoreRoots roots) {
    this.settings = settings;
    this.machines = machines;
    this.machineContainer = machineContainer;
    this.containers = containers;
    this.runningPrograms = runningPrograms;
    this.registeredLinks = registeredLinks;
    this.roots = roots;
  }

  /**
   * Programs that run, and links that nix was asked to keep paths for. Links that are in no machine
   * any more are forgotten. The store must run; no machine is started.
   *
   * @throws dev.codchi.failure.Failure {@code STORE_COLLECT} when something cannot be found out;
   *     then nothing may be collected
   */
  List<StoreRoots.Use> now() {
    List<StoreRoots.Registered> registered = roots.registered();
    List<String> paths = registered.stream().map(StoreRoots.Registered::path).distinct().toList();
    Map<String, Container> found =
        containers.list(machineContainer.namePrefix()).stream()
            .filter(this::ours)
            .collect(Collectors.toMap(Container::name, Function.identity()));
    List<StoreRoots.Use> uses = new ArrayList<>();
    Set<String> present = new HashSet<>();
    for (MachineName machine : machines.names()) {
      Optional<Container> container =
          Optional.ofNullable(found.get(machineContainer.name(machine)));
      container
          .filter(one -> one.state() != Container.State.STOPPED)
          .ifPresent(one ->
              runningPrograms
                  .look(one.name())
                  .forEach(path ->
                      uses.add(
                          new StoreRoots.Use(machine.value(), RootOwner.programs(machine), path))));
      registeredLinks
          .find(machine, container, paths)
          .forEach((link, path) -> {
            present.add(link);
            uses.add(new StoreRoots.Use(machine.value(), RootOwner.link(machine, link), path));
          });
    }
    roots.forget(registered.stream().filter(one -> !present.contains(one.path())).toList());
    return uses;
  }

  private boolean ours(Container container) {
    return "machine".equals(container.labels().get("kind"))
        && settings.directories().data().toString().equals(container.labels().get("data"));
  }
}
