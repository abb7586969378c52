package dev.codchi.store.nixlog;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them; always with a decimal point. */
final class ProgressText {
  private ProgressText() {}

  /** For example {@code 640 B}, {@code 1.7 MB}; decimal units. */
  static String bytes(long count) {
    if (count < 1000) {
      return count + " B";
    }
    double amount = count;
    for (String unit : new String[] {"kB", "MB", "GB"}) {
      amount /= 1000;
      if (amount < 999.95 || unit.equals("GB")) {
        return String.format(Locale.ROOT, "%.1f %s", amount, unit);
      }
    }
    throw new IllegalStateException();
  }

  /** For example {@code 0.4 s}, {@code 12 s}, {@code 3:07 min}, {@code 1:02:03 h}. */
  static String duration(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
