package dev.codchi.machines;

import dev.codchi.config.Directories;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.Mount;
import dev.codchi.driver.Person;
import dev.codchi.driver.RootImage;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a machine is to the backend: a container with nothing of its own but empty directories, the
 * shared store mounted read-only, and the built system's own first program as process 1.
 */
@ApplicationScoped
public class MachineContainer {
  private static final String STORE = "/nix/store";
  private static final String DAEMON_SOCKET = "/nix/var/nix/daemon-socket";
  private static final String DATABASE = "/nix/var/nix/db";
  private static final String PROFILES = "/nix/var/nix/profiles";

  /** The current system's profile as a machine sees it. */
  static final String SYSTEM = PROFILES + "/system";

  /** Where the person's files are inside. */
  public static final String HOME = "/home/codchi";

  private final Settings settings;

  MachineContainer(Settings settings) {
    this.settings = settings;
  }

  /** The first part of the names of all machines' containers. */
  public String namePrefix() {
    return settings.require(Setting.INSTANCE_PREFIX) + "-";
  }

  /** The backend's name of a machine. Names that differ only in case are the same machine. */
  public String name(MachineName machine) {
    return namePrefix() + machine.value();
  }

  /** The labels that tell codchi's own containers from others. */
  Map<String, String> labels(MachineName machine) {
    return Map.of(
        "kind",
        "machine",
        "machine",
        machine.value(),
        "data",
        settings.directories().data().toString());
  }

  /** Makes the host directories that are mounted and describes the container. */
  ContainerSpec specification(MachineName machine) {
    Directories directories = settings.directories();
    Person person = Person.current();
    String name = machine.value();
    Path home = person.directory(directories.home(name), "rwx------");
    Path profiles = person.directory(directories.profiles(name), "rwxr-xr-x");
    Path nix = directories.nix();
    return new ContainerSpec(
        name(machine),
        image(),
        person.identity(),
        true,
        List.of(
            new Mount("nix-store", nix.resolve("store"), STORE, true),
            new Mount("nix-daemon", nix.resolve("var/nix/daemon-socket"), DAEMON_SOCKET, false),
            new Mount("nix-db", nix.resolve("var/nix/db"), DATABASE, true),
            new Mount("nix-profiles", profiles, PROFILES, false),
            new Mount("home", home, HOME, false)),
        labels(machine),
        ContainerSpec.Network.DYNAMIC);
  }

  private static RootImage image() {
    List<RootImage.Directory> empty = new ArrayList<>();
    for (String path :
        List.of(
            "/dev",
            "/etc",
            "/home",
            "/home/codchi",
            "/nix",
            "/nix/store",
            "/nix/var",
            "/nix/var/nix",
            DAEMON_SOCKET,
            DATABASE,
            PROFILES,
            "/nix/var/nix/gcroots",
            "/proc",
            "/run",
            "/sbin",
            "/sys",
            "/var")) {
      empty.add(new RootImage.Directory(path, 0755));
    }
    empty.add(new RootImage.Directory("/root", 0700));
    empty.add(new RootImage.Directory("/tmp", 01777));
    return new RootImage("codchi machine", empty, Map.of("/sbin/init", SYSTEM + "/init"));
  }
}
