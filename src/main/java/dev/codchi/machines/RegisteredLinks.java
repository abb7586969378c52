package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.store.StorePaths;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which of the links that nix keeps paths for ({@code result}, direnv's, profiles) are in a
 * machine. A running machine is asked; of a stopped one, the home and shared folders are read on
 * the host, and other files through the backend.
 */
@ApplicationScoped
class RegisteredLinks {
  /** Folders of the host have their whole path behind this in a machine. */
  private static final String HOST = "/host";

  private static final int MAX_TARGET = 4096;
  private static final int MAX_LINKS = 40;

  /** Reads paths and prints those that are links with their targets; all end with a zero byte. */
  private static final String LOOK =
      """
      set -euo pipefail
      while IFS= read -r -d '' link; do
        if [ -L "$link" ]; then
          printf '%s\\0%s\\0' "$link" "$(readlink "$link" || :)"
        fi
      done
      """;

  private final Settings settings;
  private final ContainerFiles files;
  private final Executor executor;

  RegisteredLinks(Settings settings, ContainerFiles files, Executor executor) {
    this.settings = settings;
    this.files = files;
    this.executor = executor;
  }

  /**
   * Looks for links.
   *
   * @param paths where they may be in the machine
   * @param container what the backend knows of the machine; none where it has no container
   * @return the store paths that they lead to, by the links' paths
   * @throws Failure {@code STORE_COLLECT} when it cannot be told whether one is there
   */
  Map<String, String> find(
      MachineName machine, Optional<Container> container, Collection<String> paths) {
    if (paths.isEmpty()) {
      return Map.of();
    }
    if (container.filter(found -> found.state() != Container.State.STOPPED).isPresent()) {
      return ask(machine, container.get().name(), paths);
    }
    Map<String, String> found = new TreeMap<>();
    for (String path : paths) {
      target(machine, container.map(Container::name), path, 0)
          .flatMap(StorePaths::containing)
          .ifPresent(kept -> found.put(path, kept));
    }
    return found;
  }

  private Map<String, String> ask(MachineName machine, String name, Collection<String> paths) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String programs = MachineContainer.SYSTEM + "/sw/bin";
    byte[] input = (String.join("\0", paths) + "\0").getBytes(StandardCharsets.UTF_8);
    int status =
        executor.run(
            new Execution(
                name,
                List.of(programs + "/bash", "-c", LOOK),
                Map.of("PATH", programs),
                0,
                0,
                "/",
                new Execution.Streams(new ByteArrayInputStream(input), out, err)));
    if (status != 0) {
      throw unknown(machine, "looking for them ended with " + status + ": " + err)
          .next("Stop the machine, then run the command again.");
    }
    Map<String, String> found = new TreeMap<>();
    String[] values = out.toString(StandardCharsets.UTF_8).split("\0", -1);
    for (int at = 0; at + 1 < values.length; at += 2) {
      String link = values[at];
      StorePaths.containing(values[at + 1]).ifPresent(kept -> found.put(link, kept));
    }
    // The machine's own programs say this.
    found.keySet().retainAll(Set.copyOf(paths));
    return found;
  }

  /** Where a link of a machine that does not run leads; empty where there is no link. */
  private Optional<String> target(
      MachineName machine, Optional<String> container, String path, int links) {
    String home = MachineContainer.HOME + "/";
    if (path.startsWith(home)) {
      Path root = settings.directories().home(machine.value());
      try {
        return inHome(machine, container, root, path.substring(home.length()), links);
      } catch (InvalidPathException e) {
        throw unknown(machine, e.toString()).causedBy(e);
      }
    }
    if (path.startsWith(HOST + "/")) {
      return onHost(path.substring(HOST.length()));
    }
    return container.flatMap(name -> inContainer(machine, name, path));
  }

  /** Follows the directories on the way one by one: they are links of the machine, not the host. */
  private Optional<String> inHome(
      MachineName machine, Optional<String> container, Path root, String rest, int links) {
    Path here = root;
    String[] parts = rest.split("/+", -1);
    for (int at = 0; at < parts.length - 1; at++) {
      here = here.resolve(parts[at]);
      Optional<String> elsewhere = read(machine, here);
      if (elsewhere.isPresent()) {
        if (links >= MAX_LINKS) {
          return Optional.empty();
        }
        String remaining = String.join("/", Arrays.asList(parts).subList(at + 1, parts.length));
        Path directory = at == 0 ? root : here.getParent();
        String base = MachineContainer.HOME + "/" + root.relativize(directory);
        String next =
            elsewhere.get().startsWith("/") ? elsewhere.get() : base + "/" + elsewhere.get();
        return target(
            machine, container, Path.of(next + "/" + remaining).normalize().toString(), links + 1);
      }
    }
    return read(machine, here.resolve(parts[parts.length - 1]));
  }

  /** Whatever the person cannot read was not shared by the person. */
  private static Optional<String> onHost(String path) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
    } catch (IOException | InvalidPathException notShared) {
      return Optional.empty();
    }
  }

  private Optional<String> read(MachineName machine, Path path) {
    try {
      return Optional.of(Files.readSymbolicLink(path).toString());
    } catch (NotLinkException | NoSuchFileException none) {
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw unknown(machine, path + " cannot be looked at: it belongs to another account")
          .causedBy(e);
    } catch (FileSystemException e) {
      if ("Not a directory".equals(e.getReason())) {
        return Optional.empty();
      }
      throw unknown(machine, e.toString()).causedBy(e);
    } catch (IOException e) {
      throw unknown(machine, e.toString()).causedBy(e);
    }
  }

  /** The backend answers with a link's target in place of a file's content. */
  private Optional<String> inContainer(MachineName machine, String name, String path) {
    try (InputStream content = files.read(name, path)) {
      return Optional.of(new String(content.readNBytes(MAX_TARGET), StandardCharsets.UTF_8));
    } catch (Failure failure) {
      if (failure.code() == FailureCode.CONTAINER_MISSING) {
        return Optional.empty();
      }
      throw failure;
    } catch (IOException e) {
      throw unknown(machine, e.toString()).causedBy(e);
    }
  }

  private static Failure unknown(MachineName machine, String why) {
    return Failure.of(
            FailureCode.STORE_COLLECT, "cannot find out which links of " + machine + " are in use")
        .because(why)
        .next("Start the machine, then run the command again.");
  }
}
