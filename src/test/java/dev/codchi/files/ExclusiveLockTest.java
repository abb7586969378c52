package dev.codchi.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExclusiveLockTest {
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("locks/web.lock");
  }

  @Test
  void canBeTakenAgainAfterItWasClosed() {
    ExclusiveLock.acquire(file(), "first", Duration.ZERO).close();
    ExclusiveLock second = ExclusiveLock.acquire(file(), "second", Duration.ZERO);
    second.close();
    second.close();
    ExclusiveLock.acquire(file(), "third", Duration.ZERO).close();
  }

  @Test
  void namesTheHolderOfTheSameProcess() {
    try (ExclusiveLock _ = ExclusiveLock.acquire(file(), "codchi delete web", Duration.ZERO)) {
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> ExclusiveLock.acquire(file(), "other", Duration.ZERO))
          .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.MACHINE_LOCKED))
          .withMessageContaining("'codchi delete web' (process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void threadsTakeTurns() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (int turn = 0; turn < 25; turn++) {
                  try (ExclusiveLock _ = ExclusiveLock.acquire(file(), "turn", LONG)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    turns.incrementAndGet();
                    inside.decrementAndGet();
                  }
                }
              },
              task -> Thread.ofPlatform().start(task)));
    }
    all.forEach(CompletableFuture::join);
    assertThat(turns).hasValue(200);
    assertThat(most).hasValue(1);
  }

  @Test
  void namesTheHolderInAnotherProcessAndGivesUpInTime() throws Exception {
    Process other = LockProcess.start(file());
    try {
      for (Duration patience : List.of(Duration.ZERO, Duration.ofMillis(50))) {
        assertThatExceptionOfType(Failure.class)
            .isThrownBy(() -> ExclusiveLock.acquire(file(), "mine", patience))
            .withMessageContaining("'codchi rebuild web' (process " + other.pid());
      }
    } finally {
      end(other);
    }
  }

  @Test
  void waitsForAnotherProcessAndTellsWhom() throws Exception {
    Process other = LockProcess.start(file());
    List<LockHolder> told = new ArrayList<>();
    try (ExclusiveLock _ =
        ExclusiveLock.acquire(
            file(),
            "mine",
            LONG,
            holder -> {
              told.add(holder);
              closeInput(other);
            })) {
    } finally {
      end(other);
    }
    assertThat(told).extracting(LockHolder::pid).containsExactly(other.pid());
  }

  @Test
  void aKilledHolderLeavesNoLock() throws Exception {
    Process other = LockProcess.start(file());
    other.destroyForcibly().waitFor();

    ExclusiveLock.acquire(file(), "mine", Duration.ZERO).close();
  }

  @Test
  void anInterruptedWaitEndsAndStaysInterrupted() throws Exception {
    Process other = LockProcess.start(file());
    CountDownLatch waiting = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                ExclusiveLock.acquire(file(), "mine", LONG, holder -> waiting.countDown()).close();
                interrupted.complete(false);
              } catch (Failure failure) {
                interrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    try {
      waiting.await();
      thread.interrupt();
      assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      end(other);
    }
  }

  private static void closeInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  private static void end(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
