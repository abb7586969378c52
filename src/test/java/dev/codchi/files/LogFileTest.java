package dev.codchi.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path directory;

  @Test
  void a_long_log_is_put_aside_in_place_of_the_older_one() throws IOException {
    Path log = directory.resolve("a.log");
    Path old = directory.resolve("a.log.old");
    Files.writeString(old, "older");
    byte[] longest = new byte[Math.toIntExact(LogFile.MOST_BYTES)];
    Files.write(log, longest);
    LogFile.limit(log);
    assertThat(log).hasBinaryContent(longest);

    Files.write(log, new byte[longest.length + 1]);
    LogFile.limit(log);
    assertThat(log).doesNotExist();
    assertThat(old).hasSize(LogFile.MOST_BYTES + 1);
  }

  @Test
  void a_log_that_is_not_there_yet_is_no_failure() throws IOException {
    LogFile.limit(directory.resolve("none.log"));
    assertThat(directory).isEmptyDirectory();
  }
}
