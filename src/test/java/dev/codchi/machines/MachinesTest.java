package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Settings;
import dev.codchi.config.TestSettings;
import dev.codchi.progress.NoticedWait;
import dev.codchi.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MachinesTest {
  /** Else they could wait for each other: a file's name continues where the machine's ends. */
  @Test
  void allMachinesAreLockedInTheOrderOfTwo(@TempDir Path directory) throws InterruptedException {
    Settings settings = TestSettings.in(directory);
    MachinesAtRest known = new MachinesAtRest(settings, List.of());
    MachineName first = known.add("web");
    MachineName second = known.add("web-2");
    CountDownLatch waits = new CountDownLatch(1);
    Thread all;
    try (var _ = known.machines().lock(first, "hold", Progress.SILENT)) {
      all =
          Thread.ofPlatform()
              .start(() -> known.machines().lockAll("all", new NoticedWait(waits)).close());
      waits.await();
      assertThat(known.machines().lockIfFree(second, "try")).get().satisfies(lock -> lock.close());
    }
    all.join();
  }
}
