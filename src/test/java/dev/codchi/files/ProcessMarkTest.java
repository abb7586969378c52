package dev.codchi.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMarkTest {
  @TempDir Path directory;

  @Test
  void this_process_lives() {
    assertThat(ProcessMark.isAlive(ProcessMark.here())).isTrue();
  }

  @Test
  void the_mark_is_counted_from_the_boot_and_not_by_the_clock() throws IOException {
    String status = Files.readString(Path.of("/proc/self/stat"));
    String ticks = status.substring(status.lastIndexOf(')')).split(" ")[20];
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    assertThat(ProcessMark.here())
        .isEqualTo(ProcessHandle.current().pid() + "." + ticks + "." + boot);
  }

  @Test
  void a_program_may_have_any_name() throws IOException {
    Path program = directory.resolve("a) R 1 (b c");
    Files.copy(Path.of("/bin/sleep"), program);
    Process named = new ProcessBuilder(List.of(program.toString(), "60")).start();
    Process plain = new ProcessBuilder(List.of("/bin/sleep", "60")).start();
    try {
      List<String> ofNamed = List.of(ProcessMark.of(named.toHandle()).split("\\."));
      List<String> ofPlain = List.of(ProcessMark.of(plain.toHandle()).split("\\."));
      assertThat(Long.parseLong(ofPlain.get(1)) - Long.parseLong(ofNamed.get(1)))
          .isBetween(0L, 1000L);
      assertThat(ofNamed.get(2)).isEqualTo(ofPlain.get(2));
      assertThat(ProcessMark.isAlive(ProcessMark.of(named.toHandle()))).isTrue();
    } finally {
      named.destroyForcibly();
      plain.destroyForcibly();
    }
  }

  @Test
  void a_process_that_has_ended_does_not_live() throws Exception {
    Process process = new ProcessBuilder(List.of("/bin/sleep", "60")).start();
    String mark = ProcessMark.of(process.toHandle());
    process.destroyForcibly().waitFor();
    assertThat(ProcessMark.isAlive(mark)).isFalse();
  }

  @Test
  void the_number_of_a_process_that_began_at_another_time_or_before_the_boot_is_not_enough() {
    String[] parts = ProcessMark.here().split("\\.");
    long later = Long.parseLong(parts[1]) + 1;
    assertThat(ProcessMark.isAlive(parts[0] + "." + later + "." + parts[2])).isFalse();
    assertThat(
            ProcessMark.isAlive(
                parts[0] + "." + parts[1] + ".00000000-0000-0000-0000-000000000000"))
        .isFalse();
  }

  @Test
  void a_mark_of_an_earlier_version_is_understood() {
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
    assertThat(ProcessMark.isAlive(self.pid() + "." + started)).isTrue();
    assertThat(ProcessMark.isAlive(self.pid() + "." + (started - 1))).isFalse();
  }

  @Test
  void what_is_no_mark_does_not_live() {
    assertThat(List.of("", "web", "1", "1.x", "x.1", "1.2.3.4", "99999999999999999999.1.a"))
        .noneMatch(ProcessMark::isAlive);
  }
}
