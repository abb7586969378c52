package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.files.WholeFile;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The machines' definitions on the host, and the locks that keep two codchi from working on the
 * same machine.
 */
@ApplicationScoped
public class Machines {
  /** The name of the file that defines a machine, in its directory. */
  static final String DEFINITION = "machine.json";

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Settings settings;

  Machines(Settings settings) {
    this.settings = settings;
  }

  /**
   * All machines that are defined, sorted by name. A machine that is being made is among them once
   * its definition is written.
   */
  public List<MachineName> names() {
    List<MachineName> names = new ArrayList<>();
    Path directory = settings.directories().machines();
    if (!Files.isDirectory(directory)) {
      return names;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path machine : found) {
        if (Files.exists(machine.resolve(DEFINITION))) {
          names.add(MachineName.of(machine.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + directory)
          .because(e.toString())
          .causedBy(e);
    }
    names.sort(null);
    return names;
  }

  /** The machine of that name, which may be written in another case. */
  public Optional<MachineName> find(MachineName machine) {
    if (Files.exists(directory(machine).resolve(DEFINITION))) {
      return Optional.of(machine);
    }
    return names().stream().filter(machine::equals).findFirst();
  }

  /**
   * The machine of that name as it is written where it is defined.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}
   */
  MachineName known(MachineName machine) {
    return find(machine)
        .orElseThrow(
            () -> Failure.of(FailureCode.NO_SUCH_MACHINE, "there is no machine '" + machine + "'"));
  }

  /**
   * The definition of a machine.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}, {@code MACHINE_BROKEN}
   */
  public MachineDefinition require(MachineName wanted) {
    Path usual = directory(wanted).resolve(DEFINITION);
    Optional<byte[]> content = WholeFile.read(usual);
    if (content.isEmpty()) {
      return require(known(wanted));
    }
    return MachineDefinitionJson.read(
        new String(content.get(), StandardCharsets.UTF_8), usual.toString());
  }

  /** Why a machine that is defined has no container. */
  Failure withoutContainer(MachineName machine) {
    boolean built =
        Files.exists(
            settings.directories().profiles(machine.value()).resolve("system"),
            LinkOption.NOFOLLOW_LINKS);
    return built
        ? Failure.of(
                FailureCode.MACHINE_BROKEN, "the machine " + machine + " has lost its container")
            .next("'codchi rebuild " + machine + "' makes a new one; the home is still there.")
        : Failure.of(FailureCode.NOT_INSTALLED, "the machine " + machine + " was not built yet")
            .next("Build it with 'codchi rebuild " + machine + "'.");
  }

  /** Writes a definition. */
  void save(MachineDefinition definition) {
    Person person = Person.current();
    Path directory = person.directory(directory(definition.name()), "rwxr-xr-x");
    WholeFile.write(directory.resolve(DEFINITION), MachineDefinitionJson.write(definition), 0644);
  }

  /** Where a machine's definition, flake and lock are. */
  Path directory(MachineName machine) {
    return settings.directories().machine(machine.value());
  }

  /**
   * Keeps other codchi processes from changing a machine until the result is closed.
   *
   * @param doing shown to who waits, for example {@code "rebuild web"}
   */
  ExclusiveLock lock(MachineName machine, String doing, Progress progress) {
    return acquire(lockFile(machine), doing, progress);
  }

  private static ExclusiveLock acquire(Path file, String doing, Progress progress) {
    return ExclusiveLock.acquire(
        file, doing, PATIENCE, holder -> progress.note("Waiting for " + holder));
  }

  /**
   * Like {@link #lock(MachineName, String, Progress)} for two machines, in an order in which two of
   * these cannot wait for each other.
   */
  Locks lock(MachineName one, MachineName other, String doing, Progress progress) {
    boolean ordered = one.compareTo(other) < 0;
    ExclusiveLock first = lock(ordered ? one : other, doing, progress);
    try {
      return new Locks(List.of(first, lock(ordered ? other : one, doing, progress)));
    } catch (RuntimeException e) {
      first.close();
      throw e;
    }
  }

  /**
   * Like {@link #lock(MachineName, String, Progress)} for a machine that may not be there yet: also
   * waits for who has locked {@linkplain #lockAll all machines}. The caller holds no other lock.
   */
  ExclusiveLock lockNew(MachineName machine, String doing, Progress progress) {
    try (ExclusiveLock _ = gate(doing, progress)) {
      return lock(machine, doing, progress);
    }
  }

  /**
   * Keeps other codchi processes from changing any machine, and from making one, until the result
   * is closed.
   */
  Locks lockAll(String doing, Progress progress) {
    List<ExclusiveLock> locks = new ArrayList<>();
    try {
      locks.add(gate(doing, progress));
      // Also of machines that are being made. Sorted, so that no two can wait for each other.
      for (Path file : lockFiles()) {
        locks.add(acquire(file, doing, progress));
      }
      return new Locks(locks);
    } catch (RuntimeException e) {
      new Locks(locks).close();
      throw e;
    }
  }

  /** Locks that are given back together. */
  record Locks(List<ExclusiveLock> locks) implements AutoCloseable {
    Locks {
      locks = List.copyOf(locks);
    }

    @Override
    public void close() {
      locks.reversed().forEach(ExclusiveLock::close);
    }
  }

  private ExclusiveLock gate(String doing, Progress progress) {
    return acquire(settings.directories().locks().resolve("machines.lock"), doing, progress);
  }

  private List<Path> lockFiles() {
    List<Path> files = new ArrayList<>();
    names().forEach(machine -> files.add(lockFile(machine)));
    Path directory = settings.directories().locks();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "machine-*.lock")) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + directory)
          .because(e.toString())
          .causedBy(e);
    }
    // In the order of the names, like two single locks.
    return files.stream()
        .distinct()
        .sorted(Comparator.comparing(file -> file.toString().replaceFirst("\\.lock$", "")))
        .toList();
  }

  /** The lock if nobody holds it. */
  Optional<ExclusiveLock> lockIfFree(MachineName machine, String doing) {
    try {
      return Optional.of(ExclusiveLock.acquire(lockFile(machine), doing, Duration.ZERO));
    } catch (Failure e) {
      if (e.code() == FailureCode.MACHINE_LOCKED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The locks of all these machines if nobody holds one of them. */
  Optional<Locks> lockIfFree(Collection<MachineName> wanted, String doing) {
    List<ExclusiveLock> locks = new ArrayList<>();
    try {
      for (MachineName machine : wanted) {
        lockIfFree(machine, doing).ifPresent(locks::add);
      }
    } catch (RuntimeException e) {
      new Locks(locks).close();
      throw e;
    }
    if (locks.size() < wanted.size()) {
      new Locks(locks).close();
      return Optional.empty();
    }
    return Optional.of(new Locks(locks));
  }

  private Path lockFile(MachineName machine) {
    return settings.directories().locks().resolve("machine-" + machine.key() + ".lock");
  }
}
