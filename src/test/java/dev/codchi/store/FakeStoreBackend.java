package dev.codchi.store;

import dev.codchi.config.Directories;
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
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One container, in which a nix daemon is started that reads its files once, like the real one; and
 * somebody who kills codchi at a chosen point.
 */
final class FakeStoreBackend implements Containers, ContainerFiles, Executor {
  /** What is thrown where codchi is killed. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final Directories directories;
  private final List<String> calls = new ArrayList<>();
  private Container.State state = Container.State.STOPPED;
  private boolean created;
  private Map<String, String> labels = Map.of();
  private int pid;
  private int unanswered;
  private String daemonHas = "";
  private String killedBefore = "";
  private Runnable atPing = () -> {};

  FakeStoreBackend(Directories directories) {
    this.directories = directories;
  }

  /** Kills codchi where it is about to make a call that begins so, once. */
  void killBefore(String call) {
    killedBefore = call;
  }

  /** The daemon does not answer that many times. */
  void slow(int times) {
    unanswered = times;
  }

  /** Done each time when codchi looks whether the daemon answers. */
  void atPing(Runnable what) {
    atPing = what;
  }

  /** The computer is switched off and on, and the backend starts what ran. */
  void boot() {
    startDaemon();
  }

  /** What the daemon has read of its settings and proxies. */
  String daemonHas() {
    return daemonHas;
  }

  /** How often a daemon was started. */
  int daemons() {
    return pid;
  }

  /** What was asked of the backend since this was called last. */
  List<String> calls() {
    List<String> all = List.copyOf(calls);
    calls.clear();
    return all;
  }

  private void call(String what) {
    if (!killedBefore.isEmpty() && what.startsWith(killedBefore)) {
      killedBefore = "";
      throw new Killed();
    }
    calls.add(what);
  }

  private void startDaemon() {
    pid++;
    daemonHas = read("store/etc/nix/nix.conf") + read("store/proxy");
  }

  private String read(String file) {
    return WholeFile.read(directories.data().resolve(file))
        .map(content -> new String(content, StandardCharsets.UTF_8))
        .orElse("");
  }

  @Override
  public Optional<Container> find(String name) {
    call("find");
    return created ? Optional.of(new Container(name, state, labels)) : Optional.empty();
  }

  @Override
  public void create(ContainerSpec spec) {
    call("create");
    created = true;
    labels = spec.labels();
  }

  @Override
  public void start(String name) {
    call("start");
    if (state != Container.State.RUNNING) {
      state = Container.State.RUNNING;
      startDaemon();
    }
  }

  @Override
  public void stop(String name, int graceSeconds) {
    call("stop");
    state = Container.State.STOPPED;
  }

  @Override
  public List<String> nameservers() {
    return List.of();
  }

  @Override
  public List<Readiness> readiness(HostIdentity person) {
    return List.of();
  }

  @Override
  public String consoleLog(String name) {
    return "";
  }

  @Override
  public Running start(Execution execution) {
    String command = String.join(" ", execution.command());
    if (state != Container.State.RUNNING) {
      throw Failure.of(FailureCode.CONTAINER_NOT_RUNNING, "it does not run");
    }
    if (command.contains("store info")) {
      call("ping");
      atPing.run();
      return ended(unanswered-- > 0 ? 1 : 0);
    }
    if (command.contains("kill -HUP 1")) {
      call("hup");
      print(execution, pid + "\n");
      startDaemon();
      return ended(0);
    }
    if (command.contains("read -r now")) {
      call("pid");
      return ended(command.contains("!= " + pid + " ]") ? 1 : 0);
    }
    throw new AssertionError("nobody expects " + command);
  }

  private static void print(Execution execution, String text) {
    try {
      ((Execution.Streams) execution.io()).stdout().write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Running ended(int status) {
    return new Running() {
      @Override
      public void signal(int number) {}

      @Override
      public int await() {
        return status;
      }
    };
  }

  @Override
  public void makeDirectory(String container, String path, FileOwner owner) {
    call("mkdir");
    try {
      Files.createDirectories(directories.nix().resolve(Path.of("/nix").relativize(Path.of(path))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DriverFeatures features() {
    throw new AssertionError();
  }

  @Override
  public List<Container> list(String prefix) {
    throw new AssertionError();
  }

  @Override
  public Map<String, Long> diskUsage(String prefix) {
    throw new AssertionError();
  }

  @Override
  public void delete(String name) {
    throw new AssertionError();
  }

  @Override
  public void copy(String from, ContainerSpec to) {
    throw new AssertionError();
  }

  @Override
  public void rename(String from, ContainerSpec to) {
    throw new AssertionError();
  }

  @Override
  public void freeze(String name) {
    throw new AssertionError();
  }

  @Override
  public void settle(String name) {
    throw new AssertionError();
  }

  @Override
  public void thaw(String name) {
    throw new AssertionError();
  }

  @Override
  public void attach(String name, Mount mount) {
    throw new AssertionError();
  }

  @Override
  public void equip(String name, List<Device> devices) {
    throw new AssertionError();
  }

  @Override
  public void label(String name, Map<String, String> newLabels) {
    throw new AssertionError();
  }

  @Override
  public void write(String container, String path, byte[] content, FileOwner owner) {
    throw new AssertionError();
  }

  @Override
  public void link(String container, String path, String target) {
    throw new AssertionError();
  }

  @Override
  public InputStream read(String container, String path) {
    return new ByteArrayInputStream(new byte[0]);
  }

  @Override
  public void remove(String container, String path) {
    throw new AssertionError();
  }
}
