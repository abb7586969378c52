package dev.codchi.cli;

import dev.codchi.driver.Execution;
import dev.codchi.process.HostProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Another process, on a terminal of its own: joins it, and writes down how it is meanwhile. */
final class TerminalProcess {
  private TerminalProcess() {}

  public static void main(String[] arguments) throws IOException {
    StringBuilder modes = new StringBuilder(mode());
    try (HostTerminal terminal = HostTerminal.open()) {
      Execution.Terminal joined = terminal.attach();
      modes.append("attached ").append(mode());
      if (arguments.length > 1) {
        joined.joined().run();
        modes.append("joined ").append(mode());
        // As by a signal while the program runs.
        Thread.currentThread().interrupt();
      }
    }
    if (Thread.interrupted()) {
      modes.append("interrupted ");
    }
    modes.append("closed ").append(mode());
    Files.writeString(Path.of(arguments[0]), modes);
  }

  /** All that stty(1) tells, in one line. */
  private static String mode() {
    return HostProgram.runOnTerminal(List.of("stty", "-g"), Duration.ofSeconds(30)).output();
  }
}
