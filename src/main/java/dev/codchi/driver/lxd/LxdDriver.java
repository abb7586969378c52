package dev.codchi.driver.lxd;

import dev.codchi.config.LxdSettings;
import dev.codchi.driver.BareContainers;
import dev.codchi.driver.Container;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Device;
import dev.codchi.driver.DriverFeatures;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.FileOwner;
import dev.codchi.driver.HostIdentity;
import dev.codchi.driver.Mount;
import dev.codchi.driver.Readiness;
import dev.codchi.failure.Failure;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The container port over LXD or Incus. Nothing is connected before the first call; what the daemon
 * can do is asked once.
 */
@ApplicationScoped
@IfBuildProfile("linux")
public class LxdDriver implements Containers, BareContainers, ContainerFiles, Executor {
  private final UnixLxdConnection connection;
  private final LxdApi api;
  private final Placement placement;
  private final Images images;
  private final Instances instances;
  private final InstanceTasks tasks;
  private final InstanceStates states;
  private final InstanceEdit edits;
  private final BareInstances bare;
  private final InstanceCopies copies;
  private final LxdFiles files;
  private final LxdExecutor executor;
  private volatile @Nullable Server server;

  /** The driver for the daemon that the settings, the environment or the usual places name. */
  @Inject
  public LxdDriver(LxdSettings settings) {
    this(settings, System.getenv(), SubordinateIds.HOST);
  }

  LxdDriver(LxdSettings settings, Map<String, String> environment, SubordinateIds ids) {
    connection = new UnixLxdConnection(LxdSocket.locate(settings.socket(), environment));
    api = new LxdApi(connection);
    placement = new Placement(api, settings);
    images = new Images(api);
    instances = new Instances(api, placement, images);
    tasks = new InstanceTasks(api);
    states = new InstanceStates(api, tasks, ids);
    edits = new InstanceEdit(api);
    bare = new BareInstances(api, edits, tasks, states);
    copies = new InstanceCopies(api, tasks, edits);
    files = new LxdFiles(api);
    executor = new LxdExecutor(api);
  }

  /** Removes an image that nothing starts from any more; a missing one is no failure. */
  void removeImage(String fingerprint) {
    images.remove(fingerprint);
  }

  private Server server() {
    Server known = server;
    if (known == null) {
      known = told("The daemon does not describe itself", () -> Server.check(api.get("/1.0")));
      server = known;
    }
    return known;
  }

  /** Gives refusals that no step could explain better to the outside, in the daemon's words. */
  private static <T> T told(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (LxdError error) {
      throw error.failure(what);
    }
  }

  private static void tell(String what, Runnable call) {
    told(
        what,
        () -> {
          call.run();
          return true;
        });
  }

  @Override
  public DriverFeatures features() {
    Server found = server();
    return new DriverFeatures(found.backend(), found.version(), true, true, found.copyOnWrite());
  }

  @Override
  public List<Container> list(String prefix) {
    return told("The containers could not be listed", () -> instances.list(prefix));
  }

  @Override
  public Map<String, Long> diskUsage(String prefix) {
    return told("The containers could not be listed", () -> instances.diskUsage(prefix));
  }

  @Override
  public Optional<Container> find(String name) {
    return told("A container could not be looked up", () -> instances.find(name));
  }

  @Override
  public void create(ContainerSpec spec) {
    tell("The container could not be created", () -> instances.create(spec, server()));
  }

  @Override
  public void start(String name) {
    // The snap's daemon sees files of its own and allows every id.
    states.start(name, !LxdSocket.snap(connection.path()));
  }

  @Override
  public void startBare(String name, List<String> program, List<Mount> mounts) {
    bare.start(name, !LxdSocket.snap(connection.path()), program, mounts);
  }

  @Override
  public void endBare(String name, Runnable letGo) {
    bare.end(name, letGo);
  }

  @Override
  public void stop(String name, int graceSeconds) {
    states.stop(name, graceSeconds);
  }

  @Override
  public void delete(String name) {
    states.delete(name);
  }

  @Override
  public void copy(String from, ContainerSpec to) {
    tell("The container could not be copied", () -> copies.copy(from, to));
  }

  @Override
  public void rename(String from, ContainerSpec to) {
    tell("The container could not be renamed", () -> copies.rename(from, to));
  }

  @Override
  public void settle(String name) {
    tell("The daemon's work could not be waited for", () -> tasks.await(name));
  }

  @Override
  public void freeze(String name) {
    states.freeze(name);
  }

  @Override
  public void thaw(String name) {
    states.thaw(name);
  }

  @Override
  public void attach(String name, Mount mount) {
    tell("A directory could not be attached", () -> edits.attach(name, mount));
  }

  @Override
  public void equip(String name, List<Device> devices) {
    tell("The container could not be given the host's devices", () -> edits.equip(name, devices));
  }

  @Override
  public void label(String name, Map<String, String> labels) {
    tell("The container could not be labelled", () -> edits.label(name, labels));
  }

  @Override
  public String consoleLog(String name) {
    return states.consoleLog(name);
  }

  @Override
  public List<String> nameservers() {
    return told("The name servers could not be found", () -> placement.nameservers());
  }

  @Override
  public List<Readiness> readiness(HostIdentity person) {
    List<Readiness> all = new ArrayList<>();
    all.add(ready("storage pool", placement::pool));
    all.add(ready("bridge", () -> placement.bridge().name()));
    if (!LxdSocket.snap(connection.path())) {
      all.add(
          ready(
              "id mapping",
              () -> {
                SubordinateIds.HOST.check("uid " + person.uid() + " 0\ngid " + person.gid() + " 0");
                return "user " + person.uid() + ", group " + person.gid();
              }));
    }
    return all;
  }

  private static Readiness ready(String subject, Supplier<String> found) {
    try {
      return new Readiness(
          subject, told("The " + subject + " could not be found", found), Optional.empty());
    } catch (Failure failure) {
      return new Readiness(subject, "", Optional.of(failure));
    }
  }

  @Override
  public void write(String container, String path, byte[] content, FileOwner owner) {
    files.write(container, path, content, owner);
  }

  @Override
  public void makeDirectory(String container, String path, FileOwner owner) {
    files.makeDirectory(container, path, owner);
  }

  @Override
  public void link(String container, String path, String target) {
    files.link(container, path, target);
  }

  @Override
  public InputStream read(String container, String path) {
    return files.read(container, path);
  }

  @Override
  public void remove(String container, String path) {
    files.remove(container, path);
  }

  @Override
  public Running start(Execution execution) {
    return executor.start(execution);
  }
}
