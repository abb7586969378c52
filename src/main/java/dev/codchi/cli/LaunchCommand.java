package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.hostintegration.tray.NotifyOnce;
import dev.codchi.machines.MachineName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code codchi launch}: what menu entries call. Like {@code exec}, but whoever clicks a menu entry
 * has no shell in which a failure would stay visible: in a terminal it waits until it was read,
 * elsewhere the desktop shows it.
 */
@Command(
    name = "launch",
    hidden = true,
    description = "Run a program of a machine for a menu entry.")
final class LaunchCommand implements Callable<Integer> {
  private final RunInMachine runInMachine;
  private final FailurePrinter failures;
  private final Console console;
  private final NotifyOnce notifyOnce;

  @Parameters(
      index = "0",
      parameterConsumer = NextWord.class,
      paramLabel = "NAME",
      description = "The machine.")
  String name = "";

  @Parameters(
      index = "1..*",
      parameterConsumer = RestOfLine.class,
      paramLabel = "COMMAND",
      description = "The program and its arguments; a login shell without any.")
  List<String> command = new ArrayList<>();

  LaunchCommand(
      RunInMachine runInMachine, FailurePrinter failures, Console console, NotifyOnce notifyOnce) {
    this.notifyOnce = notifyOnce;
    this.runInMachine = runInMachine;
    this.failures = failures;
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try {
      return runInMachine.run(MachineName.of(name), command);
    } catch (Failure failed) {
      if (!console.interactive()) {
        notifyOnce.show(
            name + " could not be used",
            failed.what() + (failed.why() == null ? "" : ": " + failed.why()));
        throw failed;
      }
      int status = failures.print(failed);
      console.err().print("Press Enter to close this window.");
      console.err().flush();
      int key = System.in.read();
      while (key >= 0 && key != '\n') {
        key = System.in.read();
      }
      return status;
    }
  }
}
