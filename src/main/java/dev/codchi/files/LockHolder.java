package dev.codchi.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Who holds an {@link ExclusiveLock}.
 *
 * @param pid its process id
 * @param doing what it does, in words for people, for example {@code codchi rebuild web}
 * @param since when it took the lock
 */
public record LockHolder(long pid, String doing, Instant since) {
  /** Line breaks would break the lock file's three lines. */
  public LockHolder {
    doing = doing.replace('\n', ' ').replace('\r', ' ');
  }

  static LockHolder here(String doing) {
    return new LockHolder(ProcessHandle.current().pid(), doing, Instant.now());
  }

  byte[] toBytes() {
    return (pid + "\n" + since + "\n" + doing + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Empty when the holder has not written itself down yet, or wrote something unknown. */
  static Optional<LockHolder> parse(byte[] content) {
    List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LockHolder(Long.parseLong(lines.get(0)), lines.get(2), Instant.parse(lines.get(1))));
    } catch (NumberFormatException | DateTimeParseException unknown) {
      return Optional.empty();
    }
  }

  /** For example {@code 'codchi rebuild web' (process 4711, since 12:30:05)}. */
  @Override
  public String toString() {
    String time =
        LocalTime.ofInstant(since, ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("HH:mm:ss"));
    return "'" + doing + "' (process " + pid + ", since " + time + ")";
  }
}
