package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
   * @param servers the only ones that it is allowed for; nothing for what is not limited to servers
   */
  public record Entry(
      String name,
      String purpose,
      Offer offer,
      boolean required,
      boolean wanted,
      Optional<Boolean> allowed,
      Optional<List<String>> servers) {}

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
              settle.answer(one, consents),
              one.limitedToServers()
                  ? Optional.of(consents.serversOf(one.name()))
                  : Optional.empty()));
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
    change(wanted, capabilities, allowed, List.of(), progress);
  }

  /**
   * Like {@link #change(MachineName, List, boolean, Progress)}.
   *
   * @param servers what a yes to capabilities that are limited to servers is for, in place of what
   *     was named before; empty for the servers of the machine's own repositories
   * @return what holds now
   * @throws dev.codchi.failure.Failure also {@code BAD_USAGE} for what is no server, for servers
   *     where none of the capabilities takes some, and where there is no server at all; what {@link
   *     Capability#withdraw} reports, when the answer counts already
   */
  public Consents change(
      MachineName wanted,
      List<String> capabilities,
      boolean allowed,
      List<String> servers,
      Progress progress) {
    return change(wanted, capabilities, side -> allowed, servers, progress);
  }

  /**
   * Changes what a person said of a capability besides the answer, and the answer with it. No other
   * codchi changes either meanwhile.
   *
   * @param change makes the change, and tells whether the machine may use the capability after it
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}; what the change reports
   */
  public void change(
      MachineName wanted, String capability, Predicate<MachineSide> change, Progress progress) {
    change(wanted, List.of(capability), change, List.of(), progress);
  }

  private Consents change(
      MachineName wanted,
      List<String> capabilities,
      Predicate<MachineSide> change,
      List<String> servers,
      Progress progress) {
    MachineName machine = machines.known(wanted);
    MachineSide side = attachCapabilities.side(machine);
    try (ExclusiveLock _ = machines.lock(machine, "capabilities of " + machine, progress)) {
      boolean allowed = change.test(side);
      Consents consents = answered(Consents.read(side), capabilities, allowed, servers);
      if (allowed) {
        consents = settle.complete(machine.value(), consents, repositoryServers(machine));
      }
      consents.write(side);
      // Not after the lock: who is overtaken would take away again what the other one gave.
      refreshCapabilities.refresh(machine, progress);
      if (!allowed) {
        // A machine that is stopped loses nothing by being refreshed.
        capabilities.forEach(name -> known.require(name).withdraw(side));
      }
      return consents;
    }
  }

  private List<String> repositoryServers(MachineName machine) {
    return RepositoryServers.of(machines.require(machine));
  }

  private Consents answered(
      Consents before, List<String> capabilities, boolean allowed, List<String> servers) {
    List<Capability> all = capabilities.stream().map(known::require).toList();
    if (!servers.isEmpty() && all.stream().noneMatch(Capability::limitedToServers)) {
      throw Failure.of(FailureCode.BAD_USAGE, "--server is given, and nothing that takes servers")
          .next(
              "These do: "
                  + known.all().stream()
                      .filter(Capability::limitedToServers)
                      .map(Capability::name)
                      .collect(Collectors.joining(", "))
                  + ".");
    }
    Consents consents = before;
    for (Capability one : all) {
      consents =
          one.limitedToServers()
              ? consents.with(one.name(), allowed, one.servers(servers))
              : consents.with(one.name(), allowed);
    }
    return consents;
  }

  /**
   * Answers for a machine that is yet to be made.
   *
   * @param servers what a yes to capabilities that are limited to servers is for; empty for the
   *     servers of the machine's own repositories
   * @throws dev.codchi.failure.Failure {@code BAD_USAGE} for a name that no capability has, and as
   *     {@link #change(MachineName, List, boolean, List, Progress)} says
   */
  public Consents beforehand(List<String> allowed, List<String> servers) {
    return answered(Consents.none(), allowed, true, servers);
  }
}
