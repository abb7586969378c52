package dev.codchi.files;

import java.time.Instant;

/**
 * Names the process that something on disk belongs to, so that another one can tell whether its
 * owner was killed. The time of the start tells a process from a later one with the same number.
 */
public final class ProcessMark {
  private static final int NUMBERS = 2;

  private ProcessMark() {}

  /** The mark of this process, part of a file's name: {@code PID.MILLISECONDS}. */
  public static String here() {
    ProcessHandle self = ProcessHandle.current();
    return self.pid() + "." + started(self);
  }

  /** Whether the process with this mark still runs; false for what is no mark. */
  public static boolean isAlive(String mark) {
    String[] numbers = mark.split("\\.", -1);
    try {
      return numbers.length == NUMBERS
          && ProcessHandle.of(Long.parseLong(numbers[0]))
              .filter(process -> String.valueOf(started(process)).equals(numbers[1]))
              .isPresent();
    } catch (NumberFormatException foreign) {
      return false;
    }
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
