package dev.codchi.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Names the present boot of this computer, so that what is noted on things that run can be told
 * from what held before it was switched off.
 */
public final class BootMark {
  /** Another value after each boot of the host; random(4). */
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private BootMark() {}

  /** The present boot's. Without such a kernel, the mark of no boot, which is always the same. */
  public static byte[] here() {
    return WholeFile.read(BOOT).orElse("unknown".getBytes(StandardCharsets.UTF_8));
  }

  /** The same as text, in small letters, digits and '-'. */
  static String name() {
    return new String(here(), StandardCharsets.UTF_8).strip();
  }
}
