package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Shows logs: the store's file on the host, a running machine's journal, a stopped machine's last
 * console output.
 */
@ApplicationScoped
public class ReadLogs {
  private final Settings settings;
  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final Executor executor;

  ReadLogs(
      Settings settings,
      Machines machines,
      MachineContainer container,
      Containers containers,
      Executor executor) {
    this.settings = settings;
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.executor = executor;
  }

  /**
   * Prints the end of a log.
   *
   * @param name a machine, or {@code store}
   * @return 0, or the status of the machine's own journalctl
   */
  public int print(String name, int lines, PrintStream out, OutputStream err) {
    if (name.equals("store")) {
      tail(
              new String(
                  WholeFile.read(settings.directories().logs().resolve("store.log"))
                      .orElse(new byte[0]),
                  StandardCharsets.UTF_8),
              lines)
          .forEach(out::println);
      return 0;
    }
    MachineName machine = machines.known(MachineName.of(name));
    try {
      return executor.run(
          new Execution(
              container.name(machine),
              List.of(
                  MachineContainer.SYSTEM + "/sw/bin/journalctl",
                  "--no-pager",
                  "-n",
                  String.valueOf(lines)),
              Map.of("PATH", MachineContainer.SYSTEM + "/sw/bin"),
              0,
              0,
              "/",
              new Execution.Streams(null, out, err)));
    } catch (Failure e) {
      if (e.code() == FailureCode.CONTAINER_MISSING) {
        throw machines.withoutContainer(machine).causedBy(e);
      }
      if (e.code() != FailureCode.CONTAINER_NOT_RUNNING) {
        throw e;
      }
      tail(containers.consoleLog(container.name(machine)), lines).forEach(out::println);
      return 0;
    }
  }

  private static List<String> tail(String text, int lines) {
    List<String> all = text.lines().toList();
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }
}
