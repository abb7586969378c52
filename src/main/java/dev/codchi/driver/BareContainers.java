package dev.codchi.driver;

import java.util.List;

/**
 * Containers that run nothing of their own, so that their files can be read or filled while nobody
 * changes them. Programs are run in them with {@link Executor}, as in any other.
 */
public interface BareContainers {
  /**
   * Starts a stopped container with another first program, for this one time: the next ordinary
   * start is as ever. The container stops when that program ends.
   *
   * @param program argv of the first program; its parts must not contain white space or quotes
   * @param mounts host directories besides the container's own, until {@link #endBare}
   * @throws dev.codchi.failure.Failure {@code CONTAINER_BUSY} when it runs, {@code
   *     CONTAINER_START}, {@code CONTAINER_MISSING}
   */
  void startBare(String name, List<String> program, List<Mount> mounts);

  /**
   * Stops a container that was started bare and makes it what it was. Idempotent, also after a
   * {@link #startBare} that was interrupted; a missing container is no failure.
   */
  void endBare(String name);
}
