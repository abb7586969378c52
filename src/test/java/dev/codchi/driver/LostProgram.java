package dev.codchi.driver;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.concurrent.CountDownLatch;

/** A program in a container whose backend goes away while it runs. */
public final class LostProgram implements Executor.Running {
  private final CountDownLatch gone = new CountDownLatch(1);

  /** The backend goes away. */
  public void lose() {
    gone.countDown();
  }

  @Override
  public void signal(int number) {}

  @Override
  public int await() {
    try {
      gone.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw Failure.of(FailureCode.LXD_CONNECTION_LOST, "the daemon is gone");
  }
}
