package dev.codchi.files;

import java.io.IOException;

/** Tells a disk, or a quota, that is full from everything else that can go wrong with files. */
public final class FullDisk {
  private FullDisk() {}

  /**
   * Whether that is what a message means.
   *
   * @param message of the operating system or of a program, in English: strerror(3) of ENOSPC and
   *     EDQUOT
   */
  public static boolean isMeantBy(String message) {
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  /** Whether that is why something failed. */
  public static boolean isMeantBy(IOException failed) {
    String message = failed.getMessage();
    return message != null && isMeantBy(message);
  }
}
