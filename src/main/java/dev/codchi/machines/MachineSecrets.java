package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.failure.ExitStatus;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.ListSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretStatus;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A machine's secrets as a person names them: which there are, and what a change leads to. */
@ApplicationScoped
public class MachineSecrets {
  private final Settings settings;
  private final Machines machines;
  private final Delivery delivery;
  private final ListSecrets listSecrets;
  private final SystemSwitch systemSwitch;

  MachineSecrets(
      Settings settings,
      Machines machines,
      Delivery delivery,
      ListSecrets listSecrets,
      SystemSwitch systemSwitch) {
    this.settings = settings;
    this.machines = machines;
    this.delivery = delivery;
    this.listSecrets = listSecrets;
    this.systemSwitch = systemSwitch;
  }

  /**
   * Where the secrets of a machine are kept. Secrets may be kept for a machine before it is made.
   *
   * @throws Failure {@code NO_SUCH_MACHINE} when there is neither the machine nor a vault for it
   */
  public VaultLocation locate(MachineName machine) {
    VaultLocation location = locateForNew(machine);
    if (!exists(machine) && !Files.exists(location.file())) {
      throw Failure.of(FailureCode.NO_SUCH_MACHINE, "there is no machine '" + machine + "'");
    }
    return location;
  }

  /** Where the secrets of a machine are or will be kept. */
  public VaultLocation locateForNew(MachineName machine) {
    return VaultLocation.of(settings.directories(), machines.find(machine).orElse(machine).value());
  }

  /** Whether the machine was made. */
  public boolean exists(MachineName machine) {
    return machines.find(machine).isPresent();
  }

  /** What the machine's present system declares; nothing before it was made. */
  public List<SecretDeclaration> declared(MachineName machine) {
    return machines.find(machine).map(delivery::declared).orElse(List.of());
  }

  /**
   * The secret that a person means by a name.
   *
   * @param kind as given; found from the declaration, or from what is set, when empty
   * @throws Failure {@code NO_SUCH_SECRET} when the kind cannot be found; {@code BAD_USAGE} when
   *     secrets of two kinds have the name; {@code NO_SUCH_MACHINE}
   */
  public SecretId identify(MachineName machine, String name, Optional<SecretKind> kind) {
    if (kind.isPresent()) {
      return new SecretId(kind.get(), name);
    }
    List<SecretId> found =
        listSecrets.list(locate(machine), declared(machine)).stream()
            .map(SecretStatus::id)
            .filter(id -> id.name().equals(name))
            .toList();
    if (found.isEmpty()) {
      throw Failure.of(
              FailureCode.NO_SUCH_SECRET,
              "the machine " + machine + " has no secret '" + name + "'")
          .because("its configuration does not declare one, and none is set")
          .next(
              "'codchi secrets list %s' shows what there is; for a secret that is not declared yet, say --kind env, file or token."
                  .formatted(machine));
    }
    if (found.size() > 1) {
      throw Failure.of(
              FailureCode.BAD_USAGE,
              "the machine " + machine + " has several secrets called '" + name + "'")
          .because(
              "there are "
                  + found.stream().map(SecretId::toString).collect(Collectors.joining(", ")))
          .next("Say which one with --kind.");
    }
    return found.getFirst();
  }

  /**
   * Delivers anew after a change, where the machine runs and declares secrets; a stopped one gets
   * them when it starts.
   *
   * @return whether the machine has the change now
   * @throws Failure what {@link Delivery#deliver} reports
   */
  public boolean refresh(MachineName wanted, Progress progress) {
    Optional<MachineName> machine = machines.find(wanted);
    if (machine.isEmpty() || delivery.declared(machine.get()).isEmpty()) {
      return false;
    }
    boolean running;
    try {
      running = systemSwitch.running(machine.get());
    } catch (Failure unreachable) {
      if (unreachable.code().status() != ExitStatus.ENVIRONMENT) {
        throw unreachable;
      }
      // Without the daemon no machine runs.
      progress.detail(unreachable.what());
      return false;
    }
    if (running) {
      delivery.deliver(machine.get(), progress);
    }
    return running;
  }
}
