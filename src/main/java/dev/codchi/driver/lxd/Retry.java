package dev.codchi.driver.lxd;

import dev.codchi.failure.Failure;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Repeats a request that the daemon refuses because another operation holds the instance for a
 * moment. The daemon tells nobody when such an internal operation ends (it is no operation of the
 * REST interface that could be waited for), so the only way is to ask again, at growing distances
 * and not for ever.
 *
 * @param first the first pause
 * @param total how long all pauses may take together
 */
record Retry(Duration first, Duration total) {
  /** A clean-up after an init that ended by itself takes a few hundred milliseconds. */
  static final Retry BUSY_INSTANCE = new Retry(Duration.ofMillis(20), Duration.ofSeconds(15));

  private static final long LONGEST_PAUSE_MILLIS = 500;

  /** Makes the request until it is not refused as busy, or until the time is up. */
  <T> T whileBusy(Supplier<T> request) {
    long pause = first.toMillis();
    long left = total.toMillis();
    while (true) {
      try {
        return request.get();
      } catch (LxdError error) {
        if (!error.busy() || left <= 0) {
          throw error;
        }
      }
      sleep(pause);
      left -= pause;
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  /** Asks until the answer is yes; false when the time is up. */
  boolean until(BooleanSupplier question) {
    long pause = first.toMillis();
    long left = total.toMillis();
    while (!question.getAsBoolean()) {
      if (left <= 0) {
        return false;
      }
      sleep(pause);
      left -= pause;
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
    return true;
  }

  private static void sleep(long millis) {
    try {
      // The daemon has no event for an instance that is no longer busy.
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.interrupted(interrupted);
    }
  }
}
