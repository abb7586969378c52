package dev.codchi.machines;

import dev.codchi.progress.Progress;

/**
 * Something outside this package that follows what machines are, for example to offer their
 * programs on the host. A port: any number of beans may implement it. Whatever they throw becomes a
 * warning; an operation on a machine never fails because of them.
 */
public interface MachineObserver {
  /**
   * A system became a machine's: its first, a new one, or an earlier one again. Must be idempotent:
   * it is also told what is known already.
   *
   * @param system store path of the system
   */
  void installed(MachineName machine, String system, Progress progress);

  /** A machine is being removed for good. Must be idempotent: the machine may never have been. */
  void removed(MachineName machine, Progress progress);
}
