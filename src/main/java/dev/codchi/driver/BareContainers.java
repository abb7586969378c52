package dev.codchi.driver;

import java.util.List;

/**
 * Containers that run nothing of their own, so that their files can be read or filled while nobody
 * changes them. Programs are run in them with {@link Executor}, as in any other.
 */
public interface BareContainers {
  /**
   * Starts a stopped container with another first program, for this one time: the next ordinary
   * start is as ever. The container stops when that program ends. What was done is undone when that
   * fails; one that runs, or that somebody else starts at the same moment, is left alone.
   *
   * @param program argv of the first program; its parts must not contain white space or quotes
   * @param mounts host directories besides the container's own, until {@link #endBare}
   * @throws dev.codchi.failure.Failure {@code CONTAINER_BUSY} when it runs, {@code
   *     CONTAINER_START}, {@code CONTAINER_MISSING}
   */
  void startBare(String name, List<String> program, List<Mount> mounts);

  /**
   * Makes a container that was started bare what it was, and stops it. Idempotent, also after a
   * {@link #startBare} that was interrupted; a missing container is no failure. When it returns,
   * nothing runs in the container; the backend may still be busy with it for a moment, which other
   * calls wait for.
   *
   * @param letGo lets the first program end, which is the quickest way to stop it; called once,
   *     whatever fails
   */
  void endBare(String name, Runnable letGo);
}
