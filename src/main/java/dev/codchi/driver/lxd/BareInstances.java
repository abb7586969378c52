package dev.codchi.driver.lxd;

import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
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
  private final InstanceStates states;

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
      edits.takeBackProgram(name);
    } catch (RuntimeException failed) {
      try {
        end(name, () -> {});
      } catch (RuntimeException second) {
        failed.addSuppressed(second);
      }
      throw failed;
    }
  }

  /**
   * Undoes the changes and stops an instance, which has nothing that could be lost.
   *
   * @param letGo lets its first program end
   */
  void end(String name, Runnable letGo) {
    try {
      edits.takeBack(name);
    } catch (Failure failure) {
      if (failure.code() != FailureCode.CONTAINER_MISSING) {
        throw failure;
      }
    } finally {
      letGo.run();
      states.stop(name, 0);
      states.awaitStopped(name);
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
