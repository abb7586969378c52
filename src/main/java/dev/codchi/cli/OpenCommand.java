package dev.codchi.cli;

import dev.codchi.hostintegration.folders.OpenHome;
import dev.codchi.machines.MachineName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi open}. */
@Command(
    name = "open",
    description = "Open a machine's home directory, or a file in it, on this computer.")
final class OpenCommand implements Callable<Integer> {
  private final OpenHome openHome;
  private final Console console;

  @Parameters(index = "0", paramLabel = "NAME", description = "The machine; it need not run.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A file or folder in its home; the home itself without it.")
  String path = "";

  @Option(names = "--print", description = "Print where it is on this computer instead.")
  boolean print;

  OpenCommand(OpenHome openHome, Console console) {
    this.openHome = openHome;
    this.console = console;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    if (print || console.json()) {
      String place = openHome.locate(machine, path).toString();
      console
          .out()
          .println(
              console.json()
                  ? Json.pretty(
                      Json.document("open").put("machine", machine.value()).put("path", place))
                  : place);
    } else {
      openHome.open(machine, path);
    }
    return 0;
  }
}
