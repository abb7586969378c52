package dev.codchi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.failure.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GcCommandTest {
  @Test
  void ages_are_hours_days_and_weeks() {
    assertThat(GcCommand.duration("12h")).isEqualTo(Duration.ofHours(12));
    assertThat(GcCommand.duration("30d")).isEqualTo(Duration.ofDays(30));
    assertThat(GcCommand.duration("4w")).isEqualTo(Duration.ofDays(28));
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "3x", "-1d", "1d2h", "", "99999999d"})
  void other_texts_are_refused(String text) {
    assertThatThrownBy(() -> GcCommand.duration(text)).isInstanceOf(Failure.class);
  }
}
