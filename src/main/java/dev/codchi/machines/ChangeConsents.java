package dev.codchi.machines;

import dev.codchi.files.ExclusiveLock;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.Consents;
import dev.codchi.machines.capabilities.KnownCapabilities;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import dev.codchi.machines.capabilities.SettleConsents;
import dev.codchi.machines.capabilities.Wishes;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What machines may use of the host: to look at, and to change. */
@ApplicationScoped
public class ChangeConsents {
  /**
   * One capability and one machine.
   *
   * @param name the capability
   * @param purpose what it is for
   * @param offer whether the host offers it
   * @param required whether the machine's modules require it
   * @param wanted whether the machine can use it
   * @param allowed whether the machine may; nothing where nobody was asked
   */
  public record Entry(
      String name,
      String purpose,
      Offer offer,
      boolean required,
      boolean wanted,
      Optional<Boolean> allowed) {}

  private final Machines machines;
  private final AttachCapabilities attachCapabilities;
  private final RefreshCapabilities refreshCapabilities;
  private final KnownCapabilities known;
  private final SettleConsents settle;

  ChangeConsents(
      Machines machines,
      AttachCapabilities attachCapabilities,
      RefreshCapabilities refreshCapabilities,
      KnownCapabilities known,
      SettleConsents settle) {
    this.machines = machines;
    this.attachCapabilities = attachCapabilities;
    this.refreshCapabilities = refreshCapabilities;
    this.known = known;
    this.settle = settle;
  }

  /**
   * All capabilities, as they are for a machine.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}
   */
  public List<Entry> list(MachineName wanted) {
    MachineName machine = machines.known(wanted);
    Wishes wishes = attachCapabilities.wishes(machine);
    Consents consents = Consents.read(attachCapabilities.side(machine));
    List<Entry> entries = new ArrayList<>();
    for (Capability one : known.all()) {
      entries.add(
          new Entry(
              one.name(),
              one.purpose(),
              one.offer(),
              wishes.required().contains(one.name()),
              wishes.all().contains(one.name()),
              settle.answer(one, consents)));
    }
    return entries;
  }

  /**
   * Remembers an answer for some capabilities; a running machine gets or loses them at once.
   * Idempotent.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}; {@code BAD_USAGE} for a name that
   *     no capability has
   */
  public void change(
      MachineName wanted, List<String> capabilities, boolean allowed, Progress progress) {
    MachineName machine = machines.known(wanted);
    capabilities.forEach(known::require);
    try (ExclusiveLock _ = machines.lock(machine, "capabilities of " + machine, progress)) {
      MachineSide side = attachCapabilities.side(machine);
      Consents consents = Consents.read(side);
      for (String name : capabilities) {
        consents = consents.with(name, allowed);
      }
      consents.write(side);
    }
    refreshCapabilities.refresh(machine, progress);
  }

  /**
   * Answers for a machine that is yet to be made.
   *
   * @throws dev.codchi.failure.Failure {@code BAD_USAGE} for a name that no capability has
   */
  public Consents beforehand(List<String> allowed) {
    Consents consents = new Consents(java.util.Map.of());
    for (String name : allowed) {
      consents = consents.with(known.require(name).name(), true);
    }
    return consents;
  }
}
