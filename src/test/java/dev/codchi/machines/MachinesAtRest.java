package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.KnownCapabilities;
import dev.codchi.machines.capabilities.SettleConsents;
import dev.codchi.machines.capabilities.TestConsents;
import dev.codchi.progress.Progress;
import java.time.Instant;
import java.util.List;

/** Machines without containers, for tests of what is remembered of them on the host. */
public final class MachinesAtRest {
  private final Settings settings;
  private final Machines machines;
  private final AttachCapabilities attachCapabilities;
  private final ChangeConsents changeConsents;

  /** None yet. */
  public MachinesAtRest(Settings settings, List<Capability> capabilities) {
    this.settings = settings;
    KnownCapabilities known = TestConsents.known(capabilities);
    SettleConsents settle = TestConsents.settle(known);
    machines = new Machines(settings);
    attachCapabilities = new AttachCapabilities(settings, null, null, null, null, settle, null);
    RefreshCapabilities nothingRuns =
        new RefreshCapabilities(attachCapabilities, null, null) {
          @Override
          public void refresh(MachineName machine, Progress progress) {}
        };
    changeConsents = new ChangeConsents(machines, attachCapabilities, nothingRuns, known, settle);
  }

  /** One more. */
  public MachineName add(String name) {
    MachineName machine = MachineName.of(name);
    WholeFile.write(
        settings.directories().machine(name).resolve(Machines.DEFINITION),
        MachineDefinitionJson.write(MachineDefinition.empty(machine, Instant.EPOCH)),
        0644);
    return machine;
  }

  public Machines machines() {
    return machines;
  }

  public AttachCapabilities attachCapabilities() {
    return attachCapabilities;
  }

  public ChangeConsents changeConsents() {
    return changeConsents;
  }
}
