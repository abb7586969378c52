package dev.codchi.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the process that something on disk belongs to, so that another one can tell whether its
 * owner was killed. The time of the start tells a process from a later one with the same number. It
 * is counted from the boot of the computer: what time of day that was changes with the clock, while
 * processes run.
 */
public final class ProcessMark {
  private static final Path PROCESSES = Path.of("/proc");

  /** The third part is missing where a system does not count from its boot. */
  private static final Pattern MARK = Pattern.compile("(\\d{1,18})\\.\\d+(\\.[0-9a-z-]+)?");

  /** In proc_pid_stat(5), {@code starttime} is the 20th field behind the name of the program. */
  private static final int STARTED = 19;

  private ProcessMark() {}

  /**
   * The mark of this process, part of a file's name: {@code PID.TICKS.BOOT}, or {@code
   * PID.MILLISECONDS} where there is no {@code /proc}.
   */
  public static String here() {
    return of(ProcessHandle.current());
  }

  /** Whether the process with this mark still runs; false for what is no mark. */
  public static boolean isAlive(String mark) {
    Matcher parts = MARK.matcher(mark);
    if (!parts.matches()) {
      return false;
    }
    boolean sinceBoot = parts.group(2) != null;
    return ProcessHandle.of(Long.parseLong(parts.group(1)))
        .filter(process -> sinceBoot ? isStill(process, mark) : byClock(process).equals(mark))
        .isPresent();
  }

  static String of(ProcessHandle process) {
    try {
      return sinceBoot(process);
    } catch (IOException elsewhere) {
      return byClock(process);
    }
  }

  private static boolean isStill(ProcessHandle process, String mark) {
    try {
      return sinceBoot(process).equals(mark);
    } catch (IOException unknown) {
      // It has ended meanwhile, or nobody may look: then nothing of it may be taken away.
      return process.isAlive();
    }
  }

  private static String sinceBoot(ProcessHandle process) throws IOException {
    Path status = PROCESSES.resolve(process.pid() + "/stat");
    String all = Files.readString(status, StandardCharsets.ISO_8859_1);
    // Programs give themselves names, with blanks and parentheses if they like.
    String[] fields = all.substring(all.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length <= STARTED) {
      throw new IOException("not understood: " + all);
    }
    return process.pid() + "." + fields[STARTED] + "." + BootMark.name();
  }

  /** Also what earlier versions of codchi wrote everywhere. */
  private static String byClock(ProcessHandle process) {
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "." + started;
  }
}
