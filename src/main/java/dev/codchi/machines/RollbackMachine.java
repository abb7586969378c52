package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.Optional;

/** Makes a machine use a system that it had before; a failure leaves it exactly as it was. */
@ApplicationScoped
public class RollbackMachine {
  /**
   * What a rollback did.
   *
   * @param from the generation before
   * @param to the generation that is the machine's now
   * @param running whether it was activated in a running machine
   */
  public record RolledBack(int from, int to, boolean running) {}

  /**
   * Written in the place of the inputs' fingerprint, which it can never equal: the next rebuild
   * evaluates, since the generation is not what the lock describes.
   */
  private static final String NOT_FROM_THE_LOCK = "rolled back";

  private static final String STORE = "/nix/";

  private final Settings settings;
  private final Machines machines;
  private final Generations generations;
  private final SystemSwitch systemSwitch;
  private final Journal journal;
  private final Recovery recovery;
  private final Nix nix;
  private final Observers observers;

  RollbackMachine(
      Settings settings,
      Machines machines,
      Generations generations,
      SystemSwitch systemSwitch,
      Journal journal,
      Recovery recovery,
      Nix nix,
      Observers observers) {
    this.settings = settings;
    this.machines = machines;
    this.generations = generations;
    this.systemSwitch = systemSwitch;
    this.journal = journal;
    this.recovery = recovery;
    this.nix = nix;
    this.observers = observers;
  }

  /**
   * Goes back to a generation; in a running machine it is active at once.
   *
   * @param number the generation; none: the newest one before the present one
   * @throws Failure {@code NO_SUCH_MACHINE}; {@code NO_SUCH_GENERATION} when it was never made or
   *     is collected; {@code NIX_SWITCH}
   */
  public RolledBack rollback(MachineName wanted, Optional<Integer> number, Progress progress) {
    recovery.run(progress);
    MachineName machine = machines.known(wanted);
    try (Machines.Locks _ = recovery.lock(machine, "rollback " + machine, progress)) {
      List<Generations.Generation> all = generations.list(machine);
      Generations.Generation target = target(machine, all, number);
      int current = generations.currentNumber(machine).orElse(0);
      if (target.current()) {
        throw Failure.of(
                FailureCode.NO_SUCH_GENERATION,
                "generation " + current + " of " + machine + " is the present one")
            .next("'codchi generations " + machine + "' lists them.");
      }
      if (!Files.isDirectory(onHost(target.system()), LinkOption.NOFOLLOW_LINKS)) {
        throw Failure.of(
                FailureCode.NO_SUCH_GENERATION,
                "generation " + target.number() + " of " + machine + " cannot be used any more")
            .because("its system " + target.system() + " is not in the store");
      }
      nix.prepare(progress);
      try {
        boolean running = change(machine, target, progress);
        journal.forget(machine);
        return new RolledBack(current, target.number(), running);
      } catch (RuntimeException e) {
        recovery.undo(machine, e, progress);
        throw e;
      }
    }
  }

  /** Which generation is meant; package-private for its test. */
  static Generations.Generation target(
      MachineName machine, List<Generations.Generation> all, Optional<Integer> number) {
    if (number.isPresent()) {
      return all.stream()
          .filter(one -> one.number() == number.get())
          .findFirst()
          .orElseThrow(() ->
              Failure.of(
                      FailureCode.NO_SUCH_GENERATION,
                      "there is no generation " + number.get() + " of " + machine)
                  .because("there are " + numbers(all)));
    }
    int current =
        all.stream()
            .filter(Generations.Generation::current)
            .mapToInt(Generations.Generation::number)
            .findFirst()
            .orElse(Integer.MAX_VALUE);
    return all.stream()
        .filter(one -> one.number() < current)
        .reduce((one, newer) -> newer)
        .orElseThrow(() ->
            Failure.of(
                    FailureCode.NO_SUCH_GENERATION,
                    "there is no generation of " + machine + " before the present one")
                .because("there are " + numbers(all)));
  }

  private static String numbers(List<Generations.Generation> all) {
    return all.isEmpty()
        ? "none"
        : String.join(", ", all.stream().map(one -> String.valueOf(one.number())).toList());
  }

  private java.nio.file.Path onHost(String storePath) {
    return settings.directories().nix().resolve(storePath.substring(STORE.length()));
  }

  private boolean change(MachineName machine, Generations.Generation target, Progress progress) {
    boolean running = systemSwitch.running(machine);
    if (running) {
      journal.note(machine, Journal.Phase.SWITCHING, target.system());
      try (Progress.Step _ = progress.begin("Activating generation " + target.number())) {
        if (!systemSwitch.activate(machine, target.system(), progress)) {
          progress.warn("it is active once the machine is restarted: codchi restart " + machine);
        }
      }
    }
    journal.note(machine, Journal.Phase.COMMITTING, target.system());
    nix.run(
        List.of(
            "profile",
            "rollback",
            "--profile",
            "/nix/var/nix/profiles/per-machine/" + machine + "/system",
            "--to",
            String.valueOf(target.number())),
        progress);
    new InstalledSystem(target.system(), NOT_FROM_THE_LOCK).write(machines.directory(machine));
    observers.installed(machine, target.system(), progress);
    return running;
  }
}
