package dev.codchi.driver.lxd;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Locale;

/**
 * What the daemon answers when it refuses a request or an operation fails. Stays inside this
 * package; what leaves it is a {@link Failure}.
 */
final class LxdError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String text;

  /**
   * @param status an HTTP status, or the status code of an operation
   * @param text the daemon's own words
   */
  LxdError(int status, String text) {
    super(status + ": " + text);
    this.status = status;
    this.text = text;
  }

  String text() {
    return text;
  }

  /** What was asked for is not there. */
  boolean missing() {
    return status == 404;
  }

  /** Somebody changed the object since it was read (HTTP 412). */
  boolean changedMeanwhile() {
    return status == 412;
  }

  boolean says(String words) {
    return text.toLowerCase(Locale.ROOT).contains(words.toLowerCase(Locale.ROOT));
  }

  /**
   * Another operation holds the instance for a moment, for example the clean-up after its init
   * ended.
   */
  boolean busy() {
    return says("is busy running") || says("operation is already running");
  }

  /** The instance is not running; the words differ between versions. */
  boolean notRunning() {
    return says("not running") || says("already stopped") || says("isn't running");
  }

  /**
   * This error for the outside.
   *
   * @param what what codchi was doing, as a sentence without a final full stop
   */
  Failure failure(String what) {
    if (says("no space left") || says("disk quota exceeded")) {
      return Failure.of(FailureCode.DISK_FULL, what).because(text).causedBy(this);
    }
    if (busy()) {
      return Failure.of(FailureCode.CONTAINER_BUSY, what).because(text).causedBy(this);
    }
    if (status == 403) {
      return Failure.of(FailureCode.LXD_PERMISSION, what).because(text).causedBy(this);
    }
    return Failure.of(FailureCode.LXD_API, what).because(text).causedBy(this);
  }
}
