package dev.codchi.machines;

import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.CollectedSecrets;
import dev.codchi.machines.secrets.SecretDeclaration;
import dev.codchi.progress.Progress;
import dev.codchi.store.StoreFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a running machine use another built system, without touching what it boots next time. */
@ApplicationScoped
class SystemSwitch {
  private static final int TAIL = 1500;

  /**
   * NixOS' switch-to-configuration ends with 4 when the system is switched, but a unit failed to
   * start.
   */
  private static final int SOME_UNITS_FAILED = 4;

  /** NixOS' switch-to-configuration: another init, which only a restart can bring. */
  private static final int RESTART_NEEDED = 100;

  /** It ends with this before it has changed anything. */
  private static final int REFUSED = 1;

  /** Names the parts of a system that cannot be exchanged while it runs, since NixOS 26.05. */
  private static final String INHIBITORS = "/switch-inhibitors";

  private final MachineContainer container;
  private final Containers containers;
  private final Executor executor;
  private final Delivery delivery;
  private final Generations generations;
  private final StoreFiles storeFiles;

  SystemSwitch(
      MachineContainer container,
      Containers containers,
      Executor executor,
      Delivery delivery,
      Generations generations,
      StoreFiles storeFiles) {
    this.storeFiles = storeFiles;
    this.container = container;
    this.containers = containers;
    this.executor = executor;
    this.delivery = delivery;
    this.generations = generations;
  }

  /** Whether the machine runs; one backend call. */
  boolean running(MachineName machine) {
    return containers.find(container.name(machine)).map(Container::running).orElse(false);
  }

  /**
   * Activates a system in a running machine, and delivers the secrets where it declares others.
   *
   * @param system store path of the system
   * @return whether it is active; otherwise nothing was changed, and it will be once the machine is
   *     started anew
   * @throws Failure {@code NIX_SWITCH} when it does not activate; the machine is then between two
   *     systems. What {@link Delivery} reports
   */
  boolean activate(MachineName machine, String system, Progress progress) {
    List<SecretDeclaration> declared = delivery.declaredBy(system);
    boolean backToPresent = generations.current(machine).filter(system::equals).isPresent();
    if (backToPresent) {
      boolean active = switchTo(machine, system, progress);
      try {
        delivery.deliver(machine, progress);
      } catch (Failure undelivered) {
        // Going back must not fail because, say, the keyring is locked.
        progress.warn(undelivered.what());
      }
      return active;
    }
    if (declared.equals(delivery.declared(machine))) {
      return switchTo(machine, system, progress);
    }
    try (CollectedSecrets secrets = delivery.collect(machine, declared, progress)) {
      boolean early = deliverEarly(machine, system, secrets, progress);
      boolean active = switchTo(machine, system, progress);
      if (active && !early) {
        delivery.send(machine, system, secrets);
      }
      return active;
    }
  }

  /**
   * Services of the new system find their secrets when these come first. That fails where a secret
   * belongs to an account that only the new system has.
   */
  private boolean deliverEarly(
      MachineName machine, String system, CollectedSecrets secrets, Progress progress) {
    try {
      delivery.send(machine, system, secrets);
      return true;
    } catch (Failure later) {
      progress.detail(later.what() + " before the switch: " + later.why());
      return false;
    }
  }

  private boolean switchTo(MachineName machine, String system, Progress progress) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status =
        executor.run(
            new Execution(
                container.name(machine),
                List.of(system + "/bin/switch-to-configuration", "test"),
                Map.of(
                    "PATH",
                    system + "/sw/bin",
                    "LOCALE_ARCHIVE",
                    system + "/sw/lib/locale/locale-archive",
                    "NIXOS_INSTALL_BOOTLOADER",
                    "0"),
                0,
                0,
                "/",
                new Execution.Streams(null, said, said)));
    String text = said.toString(StandardCharsets.UTF_8).strip();
    text.lines().forEach(progress::detail);
    if (status == RESTART_NEEDED || (status == REFUSED && inhibited(machine, system))) {
      progress.detail("the new system wants a restart (status " + status + ")");
      return false;
    }
    if (status == SOME_UNITS_FAILED) {
      progress.warn("the new system is active, but some services did not start:\n" + tail(text));
    } else if (status != 0) {
      throw Failure.of(
              FailureCode.NIX_SWITCH,
              "the new system of " + machine + " did not activate (status " + status + ")")
          .because(tail(text));
    }
    return true;
  }

  /** Whether the new system has other parts than the present one that cannot be exchanged. */
  private boolean inhibited(MachineName machine, String system) {
    Optional<byte[]> wanted = storeFiles.read(system + INHIBITORS);
    Optional<byte[]> present =
        generations.current(machine).flatMap(current -> storeFiles.read(current + INHIBITORS));
    return wanted.isPresent() && !Arrays.equals(wanted.get(), present.orElse(new byte[0]));
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - TAIL));
  }
}
