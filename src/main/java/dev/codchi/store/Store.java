package dev.codchi.store;

import dev.codchi.config.Directories;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Executor;
import dev.codchi.driver.FileOwner;
import dev.codchi.driver.HostIdentity;
import dev.codchi.driver.Mount;
import dev.codchi.driver.Person;
import dev.codchi.driver.Readiness;
import dev.codchi.driver.RootImage;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.files.WholeFile;
import dev.codchi.network.HostProxy;
import dev.codchi.network.HostTrust;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code codchistore}: the container that owns {@code /nix} and runs the nix daemon for all
 * machines. It is made on first use from a Nix release tarball and needs nothing else that would
 * have to be published or downloaded.
 */
@ApplicationScoped
public class Store {
  /** The profile that holds git and the other programs that nix calls, as seen in the store. */
  static final String TOOLS_PROFILE = "/nix/var/nix/profiles/codchi-store";

  /** Where nix itself is, as seen in the store. */
  static final String NIX = "/nix/var/nix/profiles/default/bin/nix";

  private static final Duration LOCK_PATIENCE = Duration.ofMinutes(30);
  private static final int GRACE_SECONDS = 10;
  private static final Map<String, String> KIND = Map.of("kind", "store");

  private final Settings settings;
  private final Containers containers;
  private final ContainerFiles files;
  private final Executor executor;
  private final HostTrust trust;
  private final HostProxy proxy;
  private final StoreNetwork network;
  private final FinishedStart started;

  /** A store of this settings' directories in this backend. */
  Store(
      Settings settings,
      Containers containers,
      ContainerFiles files,
      Executor executor,
      HostTrust trust,
      HostProxy proxy,
      StoreNetwork network) {
    this.settings = settings;
    this.containers = containers;
    this.files = files;
    this.executor = executor;
    this.trust = trust;
    this.proxy = proxy;
    this.network = network;
    this.started = new FinishedStart(settings);
  }

  /** The backend's name of the store's container. */
  public String containerName() {
    return settings.require(Setting.INSTANCE_PREFIX) + "store";
  }

  /**
   * What the store is doing; nothing where it does not exist. One backend call.
   *
   * @throws Failure when the backend is unusable
   */
  public Optional<Container> status() {
    return containers.find(containerName());
  }

  /**
   * Makes sure that the store exists, runs, and answers. Idempotent; the first time takes as long
   * as downloading and unpacking nix takes. Finishes a start that was interrupted, and waits for
   * one that is under way.
   *
   * @throws Failure {@code STORE_*}, {@code CONTAINER_EXISTS} where another data directory's store
   *     has its name, and the backend's failures
   */
  public void ensureRunning(Progress progress) {
    Optional<Container> found = status();
    found.ifPresent(this::refuseForeign);
    if (runs(found) && upToDate()) {
      return;
    }
    try (ExclusiveLock _ = lock("starting the store", progress)) {
      bringUp(progress);
    }
  }

  /**
   * Lets a store that runs take over what has changed in the person's network and in the settings.
   * Idempotent; one that does not run takes it over when it is started.
   *
   * @throws Failure {@code STORE_START} when the nix daemon does not come back
   */
  public void followHost(Progress progress) {
    if (release().isEmpty() || upToDate() || !runs(status().filter(this::isOurs))) {
      return;
    }
    try (ExclusiveLock _ = lock("giving the store other settings", progress)) {
      if (runs(status())) {
        bringUp(progress);
      }
    }
  }

  private static boolean runs(Optional<Container> found) {
    return found.map(Container::running).orElse(false);
  }

  private Optional<StoreRelease> release() {
    return StoreRelease.unpacked(settings.directories().nix());
  }

  /** Whether a store that runs needs nothing more; what costs no lock is taken over on the way. */
  private boolean upToDate() {
    if (release().isEmpty()) {
      return false;
    }
    network.update();
    return started.holds() && !outdated();
  }

  /** Whether the nix daemon was given something else than what would be given to it now. */
  private boolean outdated() {
    return new StoreSystem(settings, Person.current()).outdated() || network.outdated();
  }

  /** Under the lock, where nobody else is about to do the same. */
  private void bringUp(Progress progress) {
    Optional<Container> found = status();
    found.ifPresent(this::refuseForeign);
    Optional<StoreRelease> release = release();
    if (!runs(found)) {
      startLocked(progress);
    } else if (release.isEmpty()) {
      // What it was started from is gone, and it would not see what takes its place.
      stop();
      startLocked(progress);
    } else if (!upToDate()) {
      finishStart(release.get(), progress);
    }
  }

  /**
   * Gives a store that runs what it lacks: what whoever started it did not come to do, and what has
   * changed since.
   */
  private void finishStart(StoreRelease release, Progress progress) {
    boolean other = outdated() || !started.untouched();
    started.begin();
    new StoreSystem(settings, Person.current()).configure();
    network.writeProxy();
    try (Progress.Step _ = progress.begin("Preparing the store")) {
      StoreDaemon daemon = daemon(release);
      daemon.awaitAnswer();
      if (other && !daemon.restart()) {
        // Started by a codchi whose store could not do that.
        stop();
        startLocked(progress);
      }
      makeProfiles();
    }
    started.finish();
  }

  private StoreDaemon daemon(StoreRelease release) {
    return new StoreDaemon(settings, containers, executor, containerName(), release);
  }

  private ExclusiveLock lock(String doing, Progress progress) {
    return lock("store.lock", doing, progress);
  }

  /** Keeps others from installing the tools until the result is closed. */
  ExclusiveLock lockTools(Progress progress) {
    return lock("tools.lock", "installing the store's tools", progress);
  }

  private ExclusiveLock lock(String file, String doing, Progress progress) {
    return ExclusiveLock.acquire(
        settings.directories().locks().resolve(file),
        doing,
        LOCK_PATIENCE,
        holder -> progress.note("Waiting for " + holder));
  }

  /** The command that runs a program in the store behind the person's proxies, if there are any. */
  List<String> throughProxy(List<String> command) {
    return network.through(command);
  }

  private void startLocked(Progress progress) {
    Person person = Person.current();
    Optional<Container> found = status();
    if (found.isEmpty()) {
      refuseUnready(person.identity());
    } else {
      refuseForeign(found.get());
    }
    StoreSystem system = new StoreSystem(settings, person);
    system.makeDirectories();
    StoreRelease release = release().orElseGet(() -> unpackRelease(person, progress));
    started.begin();
    system.write(release);
    network.write();
    system.limitLog();
    if (found.isEmpty()) {
      try (Progress.Step _ = progress.begin("Creating the store")) {
        containers.create(specification(person.identity(), system));
      }
    }
    try (Progress.Step _ = progress.begin("Starting the store")) {
      containers.start(containerName());
      daemon(release).awaitAnswer();
      makeProfiles();
    }
    started.finish();
  }

  /** Where the machines' profiles are, which codchi makes on the host as the person. */
  private void makeProfiles() {
    files.makeDirectory(
        containerName(), "/nix/var/nix/profiles/per-machine", FileOwner.person(0755));
  }

  private StoreRelease unpackRelease(Person person, Progress progress) {
    String url = settings.require(Setting.STORE_NIX_URL);
    String sha256 =
        settings.text(Setting.STORE_NIX_SHA256).orElseGet(() -> NixReleases.sha256(url));
    Path tarball =
        settings.directories().data().resolve("cache").resolve(sha256.substring(0, 16) + ".tar.xz");
    new Download(trust, proxy).fetch(URI.create(url), sha256, tarball, progress);
    return StoreRelease.unpack(tarball, settings.directories().nix(), person, progress);
  }

  private ContainerSpec specification(HostIdentity person, StoreSystem system) {
    Directories directories = settings.directories();
    List<Mount> mounts = new ArrayList<>();
    mounts.add(new Mount("config", directories.config(), "/config", false));
    mounts.add(new Mount("data", directories.data(), "/data", false));
    mounts.add(new Mount("nix", directories.nix(), "/nix", false));
    mounts.add(new Mount("etc", system.etc(), "/etc", true));
    Mount collector = StoreRoots.collectorSocket(settings);
    if (Files.isDirectory(collector.source())) {
      // A new store gets it together with its tools.
      mounts.add(collector);
    }
    return new ContainerSpec(
        containerName(),
        image(),
        person,
        false,
        mounts,
        Map.of("kind", "store", "data", directories.data().toString()),
        ContainerSpec.Network.PRECONFIGURED);
  }

  private static RootImage image() {
    List<RootImage.Directory> empty = new ArrayList<>();
    for (String path :
        List.of(
            "/bin", "/config", "/data", "/dev", "/etc", "/nix", "/proc", "/run", "/sbin", "/sys",
            "/var")) {
      empty.add(new RootImage.Directory(path, 0755));
    }
    empty.add(new RootImage.Directory("/root", 0700));
    empty.add(new RootImage.Directory("/tmp", 01777));
    return new RootImage(
        "codchi store",
        empty,
        Map.of("/sbin/init", "/data/store/init", "/bin/sh", TOOLS_PROFILE + "/bin/sh"));
  }

  /** Told before nix is downloaded for containers that could not be made. */
  private void refuseUnready(HostIdentity person) {
    for (Readiness one : containers.readiness(person)) {
      if (one.failure().isPresent()) {
        throw one.failure().get();
      }
    }
  }

  private void refuseForeign(Container found) {
    if (!isOurs(found)) {
      String data = found.labels().getOrDefault("data", "");
      throw Failure.of(
              FailureCode.CONTAINER_EXISTS,
              "there is a container '" + found.name() + "' that is not this codchi's store")
          .because(
              data.isEmpty()
                  ? "it was not made by codchi"
                  : "it belongs to the data directory " + data)
          .next("Choose another prefix with CODCHI_INSTANCE_PREFIX, or remove that container.");
    }
  }

  private boolean isOurs(Container found) {
    Map<String, String> labels = found.labels();
    return KIND.entrySet().stream().allMatch(e -> e.getValue().equals(labels.get(e.getKey())))
        && settings.directories().data().toString().equals(labels.get("data"));
  }

  /**
   * Stops the store. Idempotent. Machines that run keep running, but cannot use nix until it is
   * started again.
   *
   * @throws Failure {@code CONTAINER_EXISTS} where it is another data directory's
   */
  public void stop() {
    status().ifPresent(this::refuseForeign);
    containers.stop(containerName(), GRACE_SECONDS);
  }

  /**
   * The store path of the store's tools (git, tar, zstd, ...), read on the host; nothing before
   * they were installed. The store need not run.
   */
  public Optional<String> tools() {
    Path profiles = settings.directories().nix().resolve("var/nix/profiles");
    Path link = profiles.resolve("codchi-store");
    try {
      // One generation's link, which leads into the store.
      Path generation = profiles.resolve(Files.readSymbolicLink(link).getFileName());
      return Optional.of(Files.readSymbolicLink(generation).toString());
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  /**
   * Whether git and the other tools were installed for this driver and nixpkgs; they are installed
   * otherwise.
   */
  boolean toolsInstalled(String fingerprint) {
    Path marker = settings.directories().data().resolve("store/tools");
    Path profile = settings.directories().nix().resolve("var/nix/profiles/codchi-store");
    return Files.exists(profile, LinkOption.NOFOLLOW_LINKS)
        && WholeFile.read(marker)
            .map(text -> new String(text, StandardCharsets.UTF_8).equals(fingerprint))
            .orElse(false);
  }

  /** Remembers that the tools were installed. */
  void toolsInstalledNow(String fingerprint) {
    WholeFile.write(settings.directories().data().resolve("store/tools"), fingerprint, 0644);
  }
}
