package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.function.Consumer;

/** Tells all {@link MachineObserver}s; what goes wrong with one is a warning and no more. */
@ApplicationScoped
class Observers {
  private final Instance<MachineObserver> all;

  Observers(@Any Instance<MachineObserver> all) {
    this.all = all;
  }

  /** A system became the machine's. */
  void installed(MachineName machine, String system, Progress progress) {
    tell(progress, one -> one.installed(machine, system, progress));
  }

  /** The machine is being removed. */
  void removed(MachineName machine, Progress progress) {
    tell(progress, one -> one.removed(machine, progress));
  }

  private void tell(Progress progress, Consumer<MachineObserver> news) {
    for (MachineObserver one : all) {
      try {
        news.accept(one);
      } catch (Failure failed) {
        progress.warn(failed.what() + (failed.why() == null ? "" : ": " + failed.why()));
      } catch (RuntimeException failed) {
        progress.warn(failed.toString());
      }
    }
  }
}
