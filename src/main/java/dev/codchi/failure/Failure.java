package dev.codchi.failure;

import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong in a way that codchi understands. Every failure says what happened,
 * why, and what to do next; its code is stable and explained in {@code docs/errors.md}.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final @Nullable String why;
  private final @Nullable String next;

  private Failure(
      FailureCode code,
      String what,
      @Nullable String why,
      @Nullable String next,
      @Nullable Throwable cause) {
    super(what, cause);
    this.code = code;
    this.why = why;
    this.next = next;
  }

  /**
   * A failure with nothing but its sentence; the code's own advice is used as the next step.
   *
   * @param what one sentence without a final full stop
   */
  public static Failure of(FailureCode code, String what) {
    return new Failure(code, what, null, null, null);
  }

  /**
   * The failure of a command that Ctrl-C or another signal ended.
   *
   * @param cause what noticed it
   */
  public static Failure interrupted(Throwable cause) {
    return of(FailureCode.INTERRUPTED, "the command was interrupted").causedBy(cause);
  }

  /** This failure with its reason, in one sentence. */
  public Failure because(@Nullable String reason) {
    return new Failure(code, what(), reason, next, getCause());
  }

  /** This failure with advice that fits the case better than the code's own. */
  public Failure next(String advice) {
    return new Failure(code, what(), why, advice, getCause());
  }

  /**
   * This failure with the exception that led to it; the log file shows it, people do not see it.
   */
  public Failure causedBy(Throwable cause) {
    return new Failure(code, what(), why, next, cause);
  }

  /** The stable code. */
  public FailureCode code() {
    return code;
  }

  /** What happened. */
  public String what() {
    return java.util.Objects.requireNonNullElse(getMessage(), code.id());
  }

  /** Why it happened, where that is known. */
  public @Nullable String why() {
    return why;
  }

  /** What to do next: the advice given for this case, or the code's own. */
  public String nextStep() {
    return next == null ? code.advice() : next;
  }
}
