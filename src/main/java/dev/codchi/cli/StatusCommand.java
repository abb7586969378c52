package dev.codchi.cli;

import jakarta.enterprise.inject.Instance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codchi status}. */
@Command(name = "status", description = "Show all machines.")
final class StatusCommand implements Callable<Integer> {
  private final ShowStatus status;
  private final Instance<LookForUpdates> lookForUpdates;

  @Option(
      names = "--updates",
      description =
          "Look for updates of all machines before. Starts the store, no machine; the answer is remembered.")
  boolean updates;

  StatusCommand(ShowStatus status, Instance<LookForUpdates> lookForUpdates) {
    this.status = status;
    this.lookForUpdates = lookForUpdates;
  }

  @Override
  public Integer call() {
    int looked = updates ? lookForUpdates.get().inAll() : 0;
    int shown = status.show();
    return shown == 0 ? looked : shown;
  }
}
