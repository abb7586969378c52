package dev.codchi.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UndoTest {
  private final List<String> taken = new ArrayList<>();

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  @Test
  void stepsOfAnInterruptedCommandAreTakenUndisturbed() {
    Thread.currentThread().interrupt();
    Undo.run(() -> taken.add(interrupted()));
    assertThat(taken).containsExactly("undisturbed");
    assertThat(Thread.interrupted()).as("the command still ends as interrupted").isTrue();
  }

  @Test
  void anInterruptionThatComesLateBreaksNoStepOff() {
    Undo.run(() -> {
      if (taken.isEmpty()) {
        Thread.currentThread().interrupt();
      }
      taken.add(interrupted());
      waitForNothing();
    });
    assertThat(taken).containsExactly("interrupted", "undisturbed");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aSecondInterruptionEndsTheSteps() {
    Thread.currentThread().interrupt();
    RuntimeException failed = new RuntimeException("the first");
    Undo.after(
        failed,
        () -> {
          Thread.currentThread().interrupt();
          taken.add(interrupted());
          waitForNothing();
        });
    assertThat(taken).containsExactly("interrupted");
    assertThat(failed.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatFailsOfItselfIsNotTakenAgain() {
    assertThatThrownBy(() ->
            Undo.run(() -> {
              taken.add(interrupted());
              throw new IllegalStateException("no space left");
            }))
        .hasMessage("no space left");
    assertThat(taken).hasSize(1);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static String interrupted() {
    return Thread.currentThread().isInterrupted() ? "interrupted" : "undisturbed";
  }

  /** Fails when this thread is interrupted, as connections and pipes do. */
  private static void waitForNothing() {
    try {
      Thread.sleep(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("broken off", e);
    }
  }
}
