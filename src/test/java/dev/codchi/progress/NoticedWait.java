package dev.codchi.progress;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;

/**
 * Tells when somebody waits for a lock, which is noted once before.
 *
 * @param waits counted down by each note
 */
public record NoticedWait(CountDownLatch waits) implements Progress {
  @Override
  public Step begin(String what) {
    return SILENT.begin(what);
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
