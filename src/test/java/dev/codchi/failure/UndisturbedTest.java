package dev.codchi.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UndisturbedTest {
  private final Thread command = Thread.currentThread();
  private final AtomicInteger taken = new AtomicInteger();

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  @Test
  void stepsOfAnInterruptedCommandAreTakenUndisturbed() {
    command.interrupt();
    Undisturbed.run(() -> {
      assertThat(Thread.interrupted()).isFalse();
      taken.incrementAndGet();
    });
    assertThat(taken).hasValue(1);
    assertThat(Thread.interrupted()).as("the command still ends as interrupted").isTrue();
  }

  @Test
  void anInterruptionThatComesLateBreaksNoStepOff() {
    Undisturbed.run(() -> {
      command.interrupt();
      // Until the command has noticed, which it does without disturbing this.
      while (command.isInterrupted()) {
        Thread.onSpinWait();
      }
      assertThat(Thread.interrupted()).isFalse();
      taken.incrementAndGet();
    });
    assertThat(taken).hasValue(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aSecondInterruptionEndsTheSteps() {
    command.interrupt();
    RuntimeException failed = new RuntimeException("the first");
    Undo.after(
        failed,
        () -> {
          command.interrupt();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IllegalStateException("broken off", e);
          }
        });
    assertThat(Undo.wrongAfter(failed)).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theResultIsReturned() {
    assertThat(Undisturbed.call(() -> "made")).isEqualTo("made");
  }

  @Test
  void whatTheStepsThrowIsThrown() {
    assertThatThrownBy(() ->
            Undisturbed.run(() -> {
              throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "no space left");
            }))
        .isInstanceOf(Failure.class)
        .hasMessage("no space left");
    assertThatThrownBy(() ->
            Undisturbed.run(() -> {
              throw new StackOverflowError("broken");
            }))
        .isInstanceOf(StackOverflowError.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
