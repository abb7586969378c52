package dev.codchi.cli;

import dev.codchi.machines.MeasureDisk;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codchi status}. */
@Command(name = "status", description = "Show all machines.")
final class StatusCommand implements Callable<Integer> {
  private final ShowStatus status;
  private final Instance<LookForUpdates> lookForUpdates;
  private final Instance<MeasureDisk> measureDisk;
  private final ConsoleProgress progress;

  @Option(
      names = "--updates",
      description =
          "Look for updates of all machines before. Starts the store, no machine; the answer is remembered.")
  boolean updates;

  @Option(
      names = "--disk",
      description =
          "Show how much disk space machines and the store take. Starts the store, no machine.")
  boolean disk;

  StatusCommand(
      ShowStatus status,
      Instance<LookForUpdates> lookForUpdates,
      Instance<MeasureDisk> measureDisk,
      ConsoleProgress progress) {
    this.measureDisk = measureDisk;
    this.progress = progress;
    this.status = status;
    this.lookForUpdates = lookForUpdates;
  }

  @Override
  public Integer call() {
    int looked = updates ? lookForUpdates.get().inAll() : 0;
    int shown =
        status.show(disk ? Optional.of(measureDisk.get().measure(progress)) : Optional.empty());
    return shown == 0 ? looked : shown;
  }
}
