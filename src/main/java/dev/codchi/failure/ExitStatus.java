package dev.codchi.failure;

/**
 * The exit statuses of codchi's own outcomes; {@code exec} passes a program's own status through.
 */
public enum ExitStatus {
  OK(0),
  UNEXPECTED(1),
  USAGE(2),
  NOT_FOUND(3),
  CONFLICT(4),
  ENVIRONMENT(5),
  BUILD(6),
  REFUSED(7),
  /** codchi's own failure in {@code exec}, so that it is told apart from the program's. */
  EXEC_FAILED(125),
  INTERRUPTED(130);

  private final int number;

  ExitStatus(int number) {
    this.number = number;
  }

  /** The number that the process ends with. */
  public int number() {
    return number;
  }
}
