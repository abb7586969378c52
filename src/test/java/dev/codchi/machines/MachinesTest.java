package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Settings;
import dev.codchi.config.TestSettings;
import dev.codchi.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
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
              .start(() -> known.machines().lockAll("all", new Waiting(waits)).close());
      waits.await();
      assertThat(known.machines().lockIfFree(second, "try")).get().satisfies(lock -> lock.close());
    }
    all.join();
  }

  private record Waiting(CountDownLatch waits) implements Progress {
    @Override
    public Step begin(String what) {
      return Progress.SILENT.begin(what);
    }

    @Override
    public void note(String text) {
      waits.countDown();
    }

    @Override
    public void warn(String text) {}

    @Override
    public void detail(String line) {}

    @Override
    public void picture(IntFunction<List<String>> lines) {}
  }
}
