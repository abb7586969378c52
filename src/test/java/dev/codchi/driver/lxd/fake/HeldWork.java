package dev.codchi.driver.lxd.fake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Work that the fake daemon has promised and does not do yet. */
public final class HeldWork {
  final Semaphore begun = new Semaphore(0);
  final Semaphore waits = new Semaphore(0);
  private final CompletableFuture<Void> gate = new CompletableFuture<>();

  HeldWork() {}

  static HeldWork released() {
    HeldWork none = new HeldWork();
    none.release();
    return none;
  }

  /** Called where the work would be done. */
  void await() {
    begun.release();
    gate.join();
  }

  /** Returns when some of it was promised. */
  public void awaitPromise() {
    begun.acquireUninterruptibly();
  }

  /** Returns when somebody waits for an operation. */
  public void awaitWait() {
    waits.acquireUninterruptibly();
  }

  /** Has it done. */
  public void release() {
    gate.complete(null);
  }
}
