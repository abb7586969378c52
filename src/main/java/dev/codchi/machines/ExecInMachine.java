package dev.codchi.machines;

import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a program, or a login shell, in a machine. */
@ApplicationScoped
public class ExecInMachine {
  private static final String PROGRAMS = "/run/current-system/sw/bin/";

  private final Machines machines;
  private final MachineContainer container;
  private final Containers containers;
  private final Executor executor;
  private final StartMachine startMachine;
  private final RefreshCapabilities refreshCapabilities;
  private final SeenUp seenUp;

  ExecInMachine(
      Machines machines,
      MachineContainer container,
      Containers containers,
      Executor executor,
      StartMachine startMachine,
      RefreshCapabilities refreshCapabilities,
      SeenUp seenUp) {
    this.machines = machines;
    this.container = container;
    this.containers = containers;
    this.executor = executor;
    this.startMachine = startMachine;
    this.refreshCapabilities = refreshCapabilities;
    this.seenUp = seenUp;
  }

  /**
   * Starts a program for the person, in the machine's login environment, with its arguments as they
   * are. A stopped machine is started first, and one that still boots is waited for; whether it is
   * stopped is learned from the attempt, so that a running machine costs no extra call.
   *
   * @param command the program and its arguments; empty for a login shell, which needs a terminal
   * @param terminalType the outer terminal's {@code TERM}
   * @return the program, running
   * @throws Failure {@code NO_SUCH_MACHINE}, {@code NOT_INSTALLED}, and those of {@link
   *     StartMachine}
   */
  public Executor.Running exec(
      MachineName machine,
      List<String> command,
      String terminalType,
      Execution.Io io,
      Progress progress) {
    if (seenUp.contains(machine)) {
      refreshCapabilities.refreshIfChanged(machine, progress);
    } else if (containers.find(container.name(machine)).isPresent()) {
      startMachine.start(machine, progress);
    }
    Execution execution = execution(machine, command, terminalType, io);
    try {
      return executor.start(execution);
    } catch (Failure e) {
      switch (e.code()) {
        case CONTAINER_NOT_RUNNING -> startMachine.start(machine, progress);
        case CONTAINER_MISSING -> {
          MachineName known = machines.known(machine);
          if (known.value().equals(machine.value())) {
            throw machines.withoutContainer(machine).causedBy(e);
          }
          // Written in another case: learned only now, so that usual calls cost nothing for it.
          return exec(known, command, terminalType, io, progress);
        }
        default -> throw e;
      }
      return executor.start(execution);
    }
  }

  private Execution execution(
      MachineName machine, List<String> command, String terminalType, Execution.Io io) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("HOME", MachineContainer.HOME);
    environment.put("USER", "codchi");
    environment.put("LOGNAME", "codchi");
    environment.put("PATH", "/run/wrappers/bin:/run/current-system/sw/bin");
    environment.put("CODCHI_NAME", machine.value());
    environment.put("TERM", terminalType);
    // Started as the machine's root, who becomes the person with all groups: an exec with a user id
    // alone has none but the first, so that a program like docker would be refused. Without a
    // command a login session is opened, as at a console. This is what the machine's codchi-enter
    // does, with one shell less to start.
    List<String> argv = new ArrayList<>();
    if (command.isEmpty()) {
      argv.add(PROGRAMS + "codchi-login");
    } else {
      argv.addAll(
          List.of(PROGRAMS + "setpriv", "--reuid=codchi", "--regid=users", "--init-groups", "--"));
      argv.add(PROGRAMS + "codchi-exec");
    }
    argv.addAll(command);
    return new Execution(
        container.name(machine), argv, environment, 0, 0, MachineContainer.HOME, io);
  }
}
