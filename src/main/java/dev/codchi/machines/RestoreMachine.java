package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.Undo;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.SetSecret;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes a machine whose files are already there, for example in an archive. All or nothing. */
@ApplicationScoped
public class RestoreMachine {
  /** What the journal says of a machine whose secrets come from the archive, too. */
  static final String WITH_SECRETS = "with-secrets";

  private final Settings settings;
  private final SetSecret setSecret;
  private final Machines machines;
  private final InitMachine initMachine;
  private final MachineBuild build;
  private final MachineContainer container;
  private final Containers containers;
  private final RestingContainers resting;
  private final StartMachine startMachine;
  private final MachineRemoval removal;
  private final Journal journal;
  private final Recovery recovery;

  RestoreMachine(
      Settings settings,
      SetSecret setSecret,
      Machines machines,
      InitMachine initMachine,
      MachineBuild build,
      MachineContainer container,
      Containers containers,
      RestingContainers resting,
      StartMachine startMachine,
      MachineRemoval removal,
      Journal journal,
      Recovery recovery) {
    this.settings = settings;
    this.setSecret = setSecret;
    this.machines = machines;
    this.initMachine = initMachine;
    this.build = build;
    this.container = container;
    this.containers = containers;
    this.resting = resting;
    this.startMachine = startMachine;
    this.removal = removal;
    this.journal = journal;
    this.recovery = recovery;
  }

  /**
   * Builds a machine, fills it before its first start, and starts it. When anything fails, nothing
   * of it is left; killed, the next run of codchi removes what is left.
   *
   * @param lock the versions that it is built from; nothing to take the newest
   * @param secrets values for the machine's vault; gone again when anything fails
   * @param fill puts the files into the machine's container
   * @throws Failure {@code MACHINE_EXISTS}, {@code CONTAINER_EXISTS}, {@code NIX_*}, {@code
   *     SECRETS_MISSING}, {@code MACHINE_BOOT}, and what {@code fill} throws
   */
  public void restore(
      MachineDefinition definition,
      Optional<byte[]> lock,
      Map<SecretId, SecretValue> secrets,
      Consumer<RestingMachine> fill,
      Progress progress) {
    MachineName machine = definition.name();
    initMachine.requireFree(machine, progress);
    try (Machines.Locks _ = recovery.lockNew(machine, "import " + machine, progress)) {
      initMachine.refuseTaken(machine);
      // Secrets that were there before are the person's, and stay whatever happens.
      boolean ours = !secrets.isEmpty() && !removal.keepsSecrets(machine);
      try {
        journal.note(machine, Journal.Phase.CREATING, ours ? WITH_SECRETS : "");
        if (!secrets.isEmpty()) {
          Person.current().directory(machines.directory(machine), "rwxr-xr-x");
          setSecret.setAll(VaultLocation.of(settings.directories(), machine.value()), secrets);
        }
        create(definition, lock, fill, progress);
      } catch (RuntimeException e) {
        undo(machine, ours, e, progress);
        throw e;
      }
      journal.forget(machine);
    }
  }

  private void create(
      MachineDefinition definition,
      Optional<byte[]> lock,
      Consumer<RestingMachine> fill,
      Progress progress) {
    MachineName machine = definition.name();
    lock.ifPresent(content -> {
      Person.current().directory(machines.directory(machine), "rwxr-xr-x");
      WholeFile.write(machines.directory(machine).resolve("flake.lock"), content, 0644);
    });
    MachineBuild.Built built = build.build(definition, new MachineBuild.Updates.None(), progress);
    build.commit(machine, built, progress);
    try (Progress.Step _ = progress.begin("Creating " + machine)) {
      containers.create(container.specification(machine));
    }
    resting.with(
        machine,
        files -> {
          fill.accept(files);
          return true;
        });
    startMachine.bringUp(machine, progress);
    machines.save(definition);
  }

  private void undo(
      MachineName machine, boolean withSecrets, RuntimeException failed, Progress progress) {
    // Where that fails, the journal still has its note, so the next run tries again.
    Undo.after(
        failed,
        () -> {
          try (Progress.Step _ = progress.begin("Removing what was made of " + machine)) {
            if (withSecrets) {
              removal.remove(machine, progress);
            } else {
              removal.removeUnfinished(machine, progress);
            }
            journal.forget(machine);
          }
        });
  }
}
