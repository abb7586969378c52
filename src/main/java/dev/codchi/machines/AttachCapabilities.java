package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.PrepareAttachments;
import dev.codchi.machines.capabilities.SettleConsents;
import dev.codchi.machines.capabilities.Wishes;
import dev.codchi.progress.Progress;
import dev.codchi.store.StoreFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Gives a machine what it may use of the host. */
@ApplicationScoped
public class AttachCapabilities {
  private final Settings settings;
  private final MachineContainer container;
  private final Containers containers;
  private final Generations generations;
  private final StoreFiles storeFiles;
  private final SettleConsents consents;
  private final PrepareAttachments prepare;

  AttachCapabilities(
      Settings settings,
      MachineContainer container,
      Containers containers,
      Generations generations,
      StoreFiles storeFiles,
      SettleConsents consents,
      PrepareAttachments prepare) {
    this.settings = settings;
    this.container = container;
    this.containers = containers;
    this.generations = generations;
    this.storeFiles = storeFiles;
    this.consents = consents;
    this.prepare = prepare;
  }

  /** Where a machine's part of it is kept. */
  public MachineSide side(MachineName machine) {
    return MachineSide.of(settings.directories(), machine.value());
  }

  /** What a machine's present system says that it needs and can use. */
  public Wishes wishes(MachineName machine) {
    return generations
        .current(machine)
        .flatMap(system -> storeFiles.read(system + "/codchi/capabilities.json"))
        .map(Wishes::parse)
        .orElse(Wishes.none());
  }

  /**
   * Attaches what the machine may use, running or not, and takes away what it may not use any more.
   * Devices are there at once; variables come with the next delivery. What does not work is told,
   * and the machine goes without. Idempotent; one call to the container daemon when nothing
   * changed, none for a machine that never used anything.
   *
   * @return whether variables or files of the machine differ from those that it has
   */
  boolean attach(MachineName machine, Progress progress) {
    MachineSide side = side(machine);
    List<Capability> allowed = consents.allowed(side, wishes(machine));
    if (allowed.isEmpty() && !prepare.given(side)) {
      return false;
    }
    try {
      PrepareAttachments.Prepared prepared = prepare.prepare(side, allowed, progress);
      containers.equip(container.name(machine), prepared.devices());
      return prepared.changed();
    } catch (Failure failed) {
      progress.warn(machine + " goes without what it may use of this computer: " + failed.what());
      if (failed.why() != null) {
        progress.detail(failed.why());
      }
      return false;
    }
  }

  /** The variables that the machine was given last. */
  Map<String, String> environment(MachineName machine) {
    return prepare.environment(side(machine));
  }

  /** Whether the host offers something else than last time, as after a new login; reads files. */
  boolean changed(MachineName machine) {
    return prepare.changed(side(machine));
  }

  /** Removes what is kept on the host for a machine. Idempotent. */
  void forget(MachineName machine) {
    prepare.forget(side(machine));
  }
}
