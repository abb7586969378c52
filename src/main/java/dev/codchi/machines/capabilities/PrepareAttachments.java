package dev.codchi.machines.capabilities;

import dev.codchi.driver.Device;
import dev.codchi.driver.Mount;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Brings everything that a machine gets of the host to where the machine will see it. */
@ApplicationScoped
public class PrepareAttachments {
  private final KnownCapabilities known;
  private final Map<String, String> environment;

  @Inject
  PrepareAttachments(KnownCapabilities known) {
    this(known, System.getenv());
  }

  PrepareAttachments(KnownCapabilities known, Map<String, String> environment) {
    this.known = known;
    this.environment = environment;
  }

  /**
   * What is ready on the host's side.
   *
   * @param devices what the machine's container has to have
   * @param environment the machine's variables
   * @param changed whether they, or files, differ from last time
   */
  public record Prepared(List<Device> devices, Map<String, String> environment, boolean changed) {}

  /** The variables that the machine was given last. */
  public Map<String, String> environment(MachineSide machine) {
    return Given.read(machine).map(Given::environment).orElse(Map.of());
  }

  /** Whether anything was ever given to the machine. */
  public boolean given(MachineSide machine) {
    return Files.exists(machine.given());
  }

  /** Whether the machine would be given something else than last time. Looks at files only. */
  public boolean changed(MachineSide machine) {
    Optional<Given> given = Given.read(machine);
    if (given.isEmpty()) {
      return false;
    }
    for (Map.Entry<String, String> last : given.get().states().entrySet()) {
      Optional<Capability> capability = known.find(last.getKey());
      if (capability.isPresent() && !capability.get().state(machine).equals(last.getValue())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes files and links. Whatever fails is told and left out: no machine stays down for want of
   * a capability. Idempotent.
   */
  public Prepared prepare(MachineSide machine, List<Capability> allowed, Progress progress) {
    Map<String, String> states = new TreeMap<>();
    List<Attachment> all = new ArrayList<>();
    for (Capability capability : noLonger(machine, allowed)) {
      try {
        capability.withdraw(machine);
      } catch (Failure failed) {
        // Remembered, so that it is tried again.
        states.put(capability.name(), "failed");
        progress.warn(
            "%s of %s is not taken back wholly: %s"
                .formatted(capability.name(), machine.machine(), failed.what()));
      }
    }
    for (Capability capability : allowed) {
      try {
        all.addAll(capability.attach(machine));
        states.put(capability.name(), capability.state(machine));
      } catch (Failure failed) {
        states.put(capability.name(), "failed");
        progress.warn(
            "%s does not get %s: %s%s"
                .formatted(
                    machine.machine(),
                    capability.name(),
                    failed.what(),
                    failed.why() == null ? "" : ": " + failed.why()));
      }
    }
    Sorted sorted = new Sorted();
    all.forEach(sorted::add);
    Map<String, String> before = environment(machine);
    List<Device> devices = new ArrayList<>(sorted.devices);
    boolean newFiles = false;
    try {
      if (!sorted.files.isEmpty() || !sorted.links.isEmpty() || Files.exists(machine.files())) {
        newFiles = writeFiles(machine, sorted);
        devices.add(new Mount("files", machine.files(), MachineSide.FILES, true));
      }
      Optional<SessionLinks> session = SessionLinks.of(environment);
      if (session.isPresent() && !(sorted.sockets.isEmpty() && sorted.directories.isEmpty())) {
        devices.add(session.get().link(machine.machine(), sorted.sockets, progress));
        for (Attachment.SessionDirectory one : sorted.directories) {
          devices.add(
              new Mount(one.name() + "-" + session.get().id(), one.source(), one.target(), true));
        }
      } else if (session.isPresent()) {
        session.get().clear(machine.machine());
      }
    } catch (IOException e) {
      throw unwritable(machine, e);
    }
    new Given(states, sorted.variables).write(machine);
    return new Prepared(devices, sorted.variables, newFiles || !before.equals(sorted.variables));
  }

  /** What the machine was given last and may not use any more. */
  private List<Capability> noLonger(MachineSide machine, List<Capability> allowed) {
    Set<String> names =
        new TreeSet<>(Given.read(machine).map(Given::states).orElse(Map.of()).keySet());
    allowed.forEach(capability -> names.remove(capability.name()));
    return names.stream().map(known::find).flatMap(Optional::stream).toList();
  }

  /** Removes everything that was kept for a machine. Idempotent. */
  public void forget(MachineSide machine) {
    noLonger(machine, List.of()).forEach(capability -> capability.withdraw(machine));
    try {
      Optional<SessionLinks> session = SessionLinks.of(environment);
      if (session.isPresent()) {
        session.get().remove(machine.machine());
      }
      if (Files.isDirectory(machine.host())) {
        for (Path each : inside(machine.host())) {
          Files.delete(each);
        }
        Files.delete(machine.host());
      }
    } catch (IOException e) {
      throw unwritable(machine, e);
    }
  }

  private static Failure unwritable(MachineSide machine, IOException e) {
    return Failure.of(
            FailureCode.DIRECTORY_UNUSABLE,
            "cannot write what " + machine.machine() + " gets of this computer")
        .because(e.toString())
        .causedBy(e);
  }

  /** By kind. */
  private static final class Sorted {
    final List<Device> devices = new ArrayList<>();
    final List<Attachment.SessionDirectory> directories = new ArrayList<>();
    final Map<String, Path> sockets = new LinkedHashMap<>();
    final Map<String, Attachment.HostFile> files = new TreeMap<>();
    final Map<String, String> links = new TreeMap<>();
    final Map<String, String> variables = new TreeMap<>();

    void add(Attachment one) {
      switch (one) {
        case Attachment.Plugged(Device device) -> devices.add(device);
        case Attachment.SessionDirectory directory -> directories.add(directory);
        case Attachment.Socket(String name, Path source) -> sockets.put(name, source);
        case Attachment.HostFile file -> files.put(file.name(), file);
        case Attachment.Link(String name, String target) -> links.put(name, target);
        case Attachment.Variable(String name, String value) -> variables.put(name, value);
      }
    }
  }

  /** Tells whether anything was written. */
  private static boolean writeFiles(MachineSide machine, Sorted sorted) throws IOException {
    boolean changed = false;
    Person person = Person.current();
    person.directory(machine.host(), "rwx------");
    Path root = person.directory(machine.files(), "rwxr-xr-x");
    Set<Path> wanted = new TreeSet<>();
    for (Attachment.HostFile file : sorted.files.values()) {
      wanted.addAll(parents(root, file.name(), person));
      Path target = root.resolve(file.name());
      wanted.add(target);
      if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
          || !Arrays.equals(Files.readAllBytes(target), file.content())) {
        Files.deleteIfExists(target);
        WholeFile.write(target, file.content(), file.mode());
        person.own(target);
        changed = true;
      }
    }
    for (Map.Entry<String, String> link : sorted.links.entrySet()) {
      wanted.addAll(parents(root, link.getKey(), person));
      Path path = root.resolve(link.getKey());
      wanted.add(path);
      Path target = Path.of(link.getValue());
      if (!Files.isSymbolicLink(path) || !Files.readSymbolicLink(path).equals(target)) {
        Files.deleteIfExists(path);
        Files.createSymbolicLink(path, target);
      }
    }
    for (Path each : inside(root)) {
      if (!wanted.contains(each)) {
        Files.delete(each);
        changed = true;
      }
    }
    return changed;
  }

  /** Makes the directories that a name has between the root and its last part. */
  private static List<Path> parents(Path root, String name, Person person) throws IOException {
    List<Path> made = new ArrayList<>();
    Path whole = Path.of(name);
    for (int depth = 1; depth < whole.getNameCount(); depth++) {
      made.add(person.directory(root.resolve(whole.subpath(0, depth)), "rwxr-xr-x"));
    }
    return made;
  }

  /** Everything below a directory, children before their parents. */
  private static List<Path> inside(Path directory) throws IOException {
    try (Stream<Path> found = Files.walk(directory)) {
      return found
          .filter(each -> !each.equals(directory))
          .sorted((a, b) -> b.compareTo(a))
          .toList();
    }
  }
}
