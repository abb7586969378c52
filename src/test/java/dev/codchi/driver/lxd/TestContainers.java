package dev.codchi.driver.lxd;

import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.ContainerSpec.Network;
import dev.codchi.driver.HostIdentity;
import dev.codchi.driver.Mount;
import dev.codchi.driver.Person;
import dev.codchi.driver.RootImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Containers for tests: an empty root and one mounted directory with programs. */
final class TestContainers {
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "cat",
          "printf",
          "true",
          "yes",
          "sleep",
          "stat",
          "readlink",
          "ip",
          "ping",
          "id",
          "stty",
          "tty",
          "pwd");

  /** Says that it is up, and ends when asked to unless the container is marked as stubborn. */
  private static final String INIT =
      """
      #!/tools/sh
      PATH=/tools
      trap 'exit 0' PWR
      [ -e /etc/stubborn ] || [ -e etc/stubborn ] && trap '' PWR
      echo init is up
      : > /tmp/up
      while :; do sleep 0.1; done
      """;

  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Path> directories = new ArrayList<>();
  private final Set<String> fingerprints = ConcurrentHashMap.newKeySet();
  private final Path tools;
  private volatile String imageNote = "test";

  TestContainers(String prefix) {
    this.prefix = prefix;
    try {
      tools = directory();
      fill(tools);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Static programs, which run in a container that has nothing else. */
  private static void fill(Path tools) throws IOException {
    Path busybox = Path.of("/bin/busybox");
    for (String applet : APPLETS) {
      if (Files.exists(busybox)) {
        Files.createSymbolicLink(tools.resolve(applet), Path.of("busybox"));
      } else {
        Path host = Path.of("/usr/bin", applet);
        if (Files.exists(host)) {
          Files.createSymbolicLink(tools.resolve(applet), host);
        }
      }
    }
    if (Files.exists(busybox)) {
      Files.copy(busybox.toRealPath(), tools.resolve("busybox"));
      executable(tools.resolve("busybox"));
    }
    Files.writeString(tools.resolve("init"), INIT);
    executable(tools.resolve("init"));
    Files.writeString(tools.resolve("notes.txt"), "not a program");
    Files.setPosixFilePermissions(
        tools.resolve("notes.txt"), PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** A description of a container with a new name. */
  ContainerSpec spec(Network network, Mount... mounts) {
    List<Mount> all = new ArrayList<>();
    all.add(new Mount("tools", tools, "/tools", true));
    all.addAll(List.of(mounts));
    return spec(image(Map.of("/sbin/init", "/tools/init")), all, network);
  }

  /** A container that has nothing to start. */
  ContainerSpec withoutInit() {
    return spec(image(Map.of()), List.of(), Network.DYNAMIC);
  }

  private ContainerSpec spec(RootImage image, List<Mount> mounts, Network network) {
    return new ContainerSpec(
        prefix + count.incrementAndGet(),
        image,
        person(),
        true,
        mounts,
        Map.of("kind", "test", "note", "a b"),
        network);
  }

  /** From now on {@link #withFreshImage} uses an image that no daemon has seen. */
  void freshImage() {
    imageNote = "test " + System.nanoTime();
  }

  ContainerSpec withFreshImage(ContainerSpec spec) {
    return new ContainerSpec(
        spec.name(),
        image(spec.image().links()),
        spec.person(),
        spec.isolatedIds(),
        spec.mounts(),
        spec.labels(),
        spec.network());
  }

  private RootImage image(Map<String, String> links) {
    List<RootImage.Directory> directories = new ArrayList<>();
    for (String path :
        List.of("/dev", "/proc", "/sys", "/run", "/etc", "/sbin", "/tools", "/home", "/frozen")) {
      directories.add(new RootImage.Directory(path, 0755));
    }
    directories.add(new RootImage.Directory("/tmp", 01777));
    RootImage image = new RootImage("codchi " + imageNote, directories, new LinkedHashMap<>(links));
    fingerprints.add(ImageArchive.of(image, "x86_64").fingerprint());
    return image;
  }

  /** Who owns the files: whoever runs the tests, or root's stand-in. */
  HostIdentity person() {
    return Person.current().identity();
  }

  /** A new directory that everybody can enter. */
  Path directory() throws IOException {
    Path directory = Files.createTempDirectory("codchi-test");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    directories.add(directory);
    return directory;
  }

  /** A new directory that belongs to the person. */
  Path personsDirectory() throws IOException {
    Path directory = directory();
    if (Person.current().root()) {
      Files.setAttribute(directory, "unix:uid", person().uid());
      Files.setAttribute(directory, "unix:gid", person().gid());
    }
    return directory;
  }

  void removeAll(LxdDriver driver) {
    driver.list(prefix).forEach(each -> driver.delete(each.name()));
    fingerprints.forEach(driver::removeImage);
    fingerprints.clear();
  }

  void removeFiles() throws IOException {
    for (Path directory : directories) {
      try (var tree = Files.walk(directory)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void executable(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
