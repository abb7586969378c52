package dev.codchi.machines;

import dev.codchi.config.Directories;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.machines.ExamineHost.Finding;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what belongs to no machine, and machines that lack something. Changes nothing. */
@ApplicationScoped
class FindLeftovers {
  private final Settings settings;
  private final Containers containers;
  private final Machines machines;
  private final MachineContainer machineContainer;
  private final Journal journal;

  FindLeftovers(
      Settings settings,
      Containers containers,
      Machines machines,
      MachineContainer machineContainer,
      Journal journal) {
    this.settings = settings;
    this.containers = containers;
    this.machines = machines;
    this.machineContainer = machineContainer;
    this.journal = journal;
  }

  /**
   * Looks.
   *
   * @param daemonAnswers whether containers can be looked at, too
   */
  List<Finding> find(boolean daemonAnswers) {
    List<Finding> found = new ArrayList<>();
    try {
      Set<MachineName> busy = new HashSet<>();
      for (Journal.Entry entry : journal.entries()) {
        busy.add(entry.machine());
        Optional<ExclusiveLock> free = machines.lockIfFree(entry.machine(), "doctor");
        free.ifPresent(ExclusiveLock::close);
        if (free.isPresent()) {
          found.add(
              ExamineHost.warning(
                  "machine " + entry.machine(),
                  "an interrupted operation is noted; the next command finishes or undoes it"));
        }
      }
      Set<MachineName> known = new HashSet<>(machines.names());
      if (daemonAnswers) {
        compareContainers(known, busy, found);
      }
      compareHomes(known, busy, found);
    } catch (Failure failure) {
      found.add(ExamineHost.problem("leftovers", failure));
    }
    if (found.isEmpty()) {
      found.add(ExamineHost.ok("leftovers", "none"));
    }
    return found;
  }

  private void compareContainers(
      Set<MachineName> known, Set<MachineName> busy, List<Finding> found) {
    String data = settings.directories().data().toString();
    Set<MachineName> present = new HashSet<>();
    for (Container one : containers.list(settings.require(Setting.INSTANCE_PREFIX) + "-")) {
      String label = one.labels().get("machine");
      if (label != null && data.equals(one.labels().get("data"))) {
        MachineName machine = MachineName.of(label);
        present.add(machine);
        if (!known.contains(machine) && !busy.contains(machine)) {
          found.add(
              ExamineHost.warning(
                  "container " + one.name(), "belongs to no machine; delete it by hand"));
        }
      }
    }
    for (MachineName machine : known) {
      if (!present.contains(machine) && !busy.contains(machine)) {
        Failure without = machines.withoutContainer(machine);
        found.add(
            without.code() == FailureCode.NOT_INSTALLED
                ? ExamineHost.ok("machine " + machine, "not built yet")
                : ExamineHost.problem("machine " + machine, without));
      }
    }
  }

  private void compareHomes(Set<MachineName> known, Set<MachineName> busy, List<Finding> found) {
    Directories directories = settings.directories();
    for (Path parent :
        List.of(
            directories.data().resolve("machine"),
            directories.nix().resolve("var/nix/profiles/per-machine"))) {
      for (Path each : children(parent)) {
        MachineName machine = named(each);
        if (machine == null || (!known.contains(machine) && !busy.contains(machine))) {
          found.add(ExamineHost.warning("directory " + each, "belongs to no machine"));
        }
      }
    }
  }

  private static @Nullable MachineName named(Path directory) {
    try {
      return MachineName.of(directory.getFileName().toString());
    } catch (Failure notAName) {
      return null;
    }
  }

  private static List<Path> children(Path parent) {
    List<Path> children = new ArrayList<>();
    if (!Files.isDirectory(parent)) {
      return children;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent)) {
      found.forEach(children::add);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + parent)
          .because(e.toString())
          .causedBy(e);
    }
    return children;
  }
}
