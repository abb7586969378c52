package dev.codchi.driver.lxd;

import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undo;
import java.util.List;

/**
 * Instances with another first program ({@code lxc.init.cmd} in lxc.container.conf(5), passed on by
 * {@code raw.lxc}). liblxc reads it only at the start, so it is taken back right after.
 *
 * <p>The end is not waited for any longer than needs be. An instance that is stopped by the daemon
 * is one only after liblxc has cleaned up: 0.6 seconds in which nothing was seen to happen, on a
 * kernel with twelve hierarchies of control groups, of each of which one has to be removed (that
 * this is the reason is a guess). For LXD, one whose first program ends is stopped before that, and
 * all requests that find it busy are made again. So everything is taken back while it still runs.
 */
final class BareInstances {
  private final LxdApi api;
  private final InstanceEdit edits;
  private final InstanceTasks tasks;
  private final InstanceStates states;

  BareInstances(LxdApi api, InstanceEdit edits, InstanceTasks tasks, InstanceStates states) {
    this.api = api;
    this.tasks = tasks;
    this.edits = edits;
    this.states = states;
  }

  /** Starts an instance bare; it stays as it was when that fails, or runs for somebody else. */
  void start(String name, boolean ownIdFiles, List<String> program, List<Mount> mounts) {
    if (running(name)) {
      throw busy(name);
    }
    boolean started;
    try {
      edits.makeBare(name, program, mounts);
      started = states.start(name, ownIdFiles);
      if (started) {
        edits.takeBackProgram(name);
      }
    } catch (RuntimeException failed) {
      Undo.after(failed, () -> end(name, () -> {}));
      throw failed;
    }
    if (!started) {
      edits.takeBack(name);
      throw busy(name);
    }
  }

  private static Failure busy(String name) {
    return Failure.of(FailureCode.CONTAINER_BUSY, "The container " + name + " is running");
  }

  /**
   * Undoes the changes and stops an instance, which has nothing that could be lost.
   *
   * @param letGo lets its first program end
   */
  void end(String name, Runnable letGo) {
    try {
      takeBack(name);
    } finally {
      letGo.run();
      states.stop(name, 0);
      states.awaitStopped(name);
    }
    // Whoever was interrupted or killed may have left a change on its way.
    tasks.await(name);
    takeBack(name);
  }

  private void takeBack(String name) {
    try {
      edits.takeBack(name);
    } catch (Failure failure) {
      if (failure.code() != FailureCode.CONTAINER_MISSING) {
        throw failure;
      }
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
