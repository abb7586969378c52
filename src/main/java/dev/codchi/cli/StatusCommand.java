package dev.codchi.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code codchi status}. */
@Command(name = "status", description = "Show all machines.")
final class StatusCommand implements Callable<Integer> {
  private final ShowStatus status;

  StatusCommand(ShowStatus status) {
    this.status = status;
  }

  @Override
  public Integer call() {
    return status.show();
  }
}
