package dev.codchi.driver.lxd;

import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.List;

/**
 * Instances with another first program ({@code lxc.init.cmd} in lxc.container.conf(5), passed on by
 * {@code raw.lxc}). liblxc reads it only at the start, so it is taken back right after.
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
        end(name);
      } catch (RuntimeException second) {
        failed.addSuppressed(second);
      }
      throw failed;
    }
  }

  /** Stops an instance by force, which has nothing that could be lost, and undoes the changes. */
  void end(String name) {
    states.stop(name, 0);
    try {
      edits.takeBackProgram(name);
      edits.takeBackMounts(name);
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
