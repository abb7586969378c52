package dev.codchi.hostintegration.tray;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.ContainerEvents;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.hostintegration.desktop.Autostart;
import dev.codchi.hostintegration.desktop.Launcher;
import dev.codchi.hostintegration.desktop.OpenInDesktop;
import dev.codchi.machines.MachineStatus;
import dev.codchi.machines.ReadStatus;
import dev.codchi.machines.secrets.keyring.SessionBus;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Shows the tray icon until the session ends or somebody quits it. The menu follows the container
 * daemon's events and the files that other codchi write; nothing is asked at intervals.
 */
@ApplicationScoped
public class RunTray {
  /** Events come in swarms: a start is several. */
  private static final Duration SWARM = Duration.ofMillis(150);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(3);

  private final Settings settings;
  private final ReadStatus readStatus;
  private final ContainerEvents containerEvents;
  private final Launcher launcher;
  private final Autostart autostart;
  private final TellFindings tellFindings;
  private final OpenInDesktop openInDesktop;

  private final Semaphore changes = new Semaphore(1);
  private volatile boolean ended;

  RunTray(
      Settings settings,
      ReadStatus readStatus,
      ContainerEvents containerEvents,
      Launcher launcher,
      Autostart autostart,
      TellFindings tellFindings,
      OpenInDesktop openInDesktop) {
    this.settings = settings;
    this.readStatus = readStatus;
    this.containerEvents = containerEvents;
    this.launcher = launcher;
    this.autostart = autostart;
    this.tellFindings = tellFindings;
    this.openInDesktop = openInDesktop;
  }

  /**
   * Runs the tray.
   *
   * @return false when another one runs already
   * @throws Failure {@code NO_SESSION_BUS}
   */
  public boolean run() {
    String address =
        SessionBus.address(System.getenv())
            .orElseThrow(() -> Failure.of(FailureCode.NO_SESSION_BUS, "there is no session bus"));
    String only = "dev.codchi.Tray." + settings.require(Setting.INSTANCE_PREFIX);
    try (TrayIcon icon = TrayIcon.show(address, only, this::end)) {
      if (icon == null) {
        return false;
      }
      launcher.write();
      follow(icon);
      return true;
    } catch (Bus.CallFailed failed) {
      throw Failure.of(FailureCode.NO_SESSION_BUS, "the session bus does not answer")
          .because(failed.getMessage())
          .causedBy(failed);
    }
  }

  private void follow(TrayIcon icon) {
    String picture = settings.directories().icons().resolve("codchi.svg").toString();
    Notifications notifications = new Notifications(icon.bus(), picture);
    TrayJobs jobs = new TrayJobs(launcher.path(), notifications::show, changes::release);
    TrayMenu menu = new TrayMenu(jobs, settings.directories(), this::open, autostart, this::end);
    Thread events = Thread.ofPlatform().daemon().start(() -> followContainers(notifications));
    try (WatchService files = watchFiles()) {
      Thread.ofPlatform().daemon().start(() -> followFiles(files));
      while (!ended) {
        changes.acquire();
        // Until it is quiet, or the semaphore would be woken for each of a swarm.
        while (changes.tryAcquire(SWARM.toMillis(), TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
        }
        if (!ended) {
          show(icon, menu);
        }
      }
    } catch (InterruptedException asked) {
      // Ctrl-C, or the session's end: the icon goes with the connection.
      ended = true;
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot watch codchi's directories")
          .because(e.toString())
          .causedBy(e);
    } finally {
      events.interrupt();
    }
  }

  private void show(TrayIcon icon, TrayMenu menu) {
    try {
      List<MachineStatus> machines = readStatus.read().machines();
      long running =
          machines.stream().filter(one -> one.state() == MachineStatus.State.RUNNING).count();
      icon.update("%d machines, %d running".formatted(machines.size(), running), menu.of(machines));
    } catch (Failure failed) {
      icon.update(failed.what(), menu.without(failed.what()));
    }
  }

  private void findings(Notifications notifications) {
    try {
      tellFindings.tell(notifications::show);
    } catch (Failure failed) {
      log("looking at the host", failed);
    }
  }

  /**
   * Connects again when the daemon has gone, with growing patience. Whenever it comes or goes, the
   * host is looked at.
   */
  private void followContainers(Notifications notifications) {
    String prefix = settings.require(Setting.INSTANCE_PREFIX);
    Duration patience = FIRST_RETRY;
    while (!ended && !Thread.currentThread().isInterrupted()) {
      boolean[] heard = {false};
      try {
        containerEvents.follow(
            () -> {
              heard[0] = true;
              changes.release();
              Thread.ofPlatform().daemon().start(() -> findings(notifications));
            },
            name -> {
              if (name.startsWith(prefix)) {
                changes.release();
              }
            });
      } catch (Failure unreachable) {
        log("following containers", unreachable);
        if (patience.equals(FIRST_RETRY)) {
          findings(notifications);
        }
      }
      changes.release();
      patience = heard[0] ? FIRST_RETRY : longer(patience);
      try {
        // A daemon that is down cannot tell when it is back; to ask costs one connection that is
        // refused.
        Thread.sleep(patience);
      } catch (InterruptedException end) {
        return;
      }
    }
  }

  private static Duration longer(Duration patience) {
    Duration twice = patience.multipliedBy(2);
    return twice.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : twice;
  }

  /** The directories whose files tell what other codchi do. */
  private WatchService watchFiles() throws IOException {
    Person person = Person.current();
    WatchService service = FileSystems.getDefault().newWatchService();
    List<Path> directories = new ArrayList<>();
    directories.add(person.directory(settings.directories().journal(), "rwxr-xr-x"));
    directories.add(person.directory(settings.directories().machines(), "rwxr-xr-x"));
    // The session's own settings switch the entry there on and off, too.
    autostart.directory().ifPresent(directories::add);
    for (Path directory : directories) {
      directory.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_DELETE,
          StandardWatchEventKinds.ENTRY_MODIFY);
    }
    return service;
  }

  private void followFiles(WatchService files) {
    try {
      while (!ended) {
        WatchKey key = files.take();
        key.pollEvents();
        key.reset();
        changes.release();
      }
    } catch (InterruptedException | ClosedWatchServiceException end) {
      log("watching files", end);
    }
  }

  private void open(Path path) {
    try {
      openInDesktop.open(path);
    } catch (Failure failed) {
      log("opening " + path, failed);
    }
  }

  private void end() {
    ended = true;
    changes.release();
  }

  private static void log(String doing, @Nullable Exception failed) {
    Logger.getLogger(RunTray.class).debug(doing, failed);
  }
}
