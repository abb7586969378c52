package dev.codchi.driver.lxd;

import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Instances with another first program ({@code lxc.init.cmd} in lxc.container.conf(5), passed on by
 * {@code raw.lxc}). liblxc reads it only at the start, so it is taken back right after.
 *
 * <p>What takes long is not waited for. An instance that is stopped by the daemon is one only after
 * liblxc has removed its control groups, one of each hierarchy, at the kernel's leisure: 0.6
 * seconds with twelve hierarchies. One whose first program ends is stopped before that, and all
 * requests that find it busy are made again. So everything is taken back while it still runs.
 */
final class BareInstances {
  private static final Logger LOG = Logger.getLogger(BareInstances.class);

  private final LxdApi api;
  private final InstanceEdit edits;
  private final InstanceStates states;

  /** Who takes programs back, while others use the instances already. */
  private final Map<String, Thread> takingBack = new ConcurrentHashMap<>();

  BareInstances(LxdApi api, InstanceEdit edits, InstanceStates states) {
    this.api = api;
    this.edits = edits;
    this.states = states;
  }

  /** Starts an instance bare; it stays as it was when that fails. */
  void start(String name, boolean ownIdFiles, List<String> program, List<Mount> mounts) {
    if (running(name)) {
      throw Failure.of(FailureCode.CONTAINER_BUSY, "The container " + name + " is running");
    }
    edits.makeBare(name, program, mounts);
    try {
      states.start(name, ownIdFiles);
    } catch (RuntimeException failed) {
      try {
        end(name, () -> {});
      } catch (RuntimeException second) {
        failed.addSuppressed(second);
      }
      throw failed;
    }
    takingBack.put(name, Thread.ofPlatform().daemon().start(() -> takeBackProgram(name)));
  }

  /** Takes the program back; {@link #end} does so again, and tells what is wrong. */
  private void takeBackProgram(String name) {
    try {
      edits.takeBackProgram(name);
    } catch (RuntimeException later) {
      LOG.debugf(later, "the first program of %s is taken back at the end", name);
    }
  }

  /**
   * Undoes the changes and stops an instance, which has nothing that could be lost.
   *
   * @param letGo lets its first program end
   */
  void end(String name, Runnable letGo) {
    try {
      awaitTakingBack(name);
      edits.takeBack(name);
    } catch (Failure failure) {
      if (failure.code() != FailureCode.CONTAINER_MISSING) {
        throw failure;
      }
    } finally {
      letGo.run();
      states.stop(name, 0);
    }
  }

  /** What it writes must not come after the changes of a next start. */
  private void awaitTakingBack(String name) {
    Thread thread = takingBack.remove(name);
    if (thread == null) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "The command was interrupted").causedBy(stop);
    }
  }

  private boolean running(String name) {
    try {
      return !api.get(LxdApi.instance(name, "")).path("status").asText().equals("Stopped");
    } catch (LxdError error) {
      throw error.missing()
          ? Instances.missing(name)
          : error.failure("The container " + name + " could not be looked up");
    }
  }
}
