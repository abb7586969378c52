package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RollbackMachineTest {
  private static final MachineName WEB = MachineName.of("web");

  private static Generations.Generation generation(int number, boolean current) {
    return new Generations.Generation(
        number, "/nix/store/" + number, Instant.EPOCH.plusSeconds(number), current);
  }

  @Test
  void goes_to_the_one_before_the_present_one_and_not_to_the_oldest_or_newest() {
    var all =
        List.of(
            generation(1, false), generation(3, false), generation(4, true), generation(6, false));
    assertThat(RollbackMachine.target(WEB, all, Optional.empty()).number()).isEqualTo(3);
    assertThat(RollbackMachine.target(WEB, all, Optional.of(6)).number()).isEqualTo(6);
  }

  @Test
  void says_which_there_are() {
    var all = List.of(generation(2, true), generation(5, false));
    assertThatThrownBy(() -> RollbackMachine.target(WEB, all, Optional.of(1)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.NO_SUCH_GENERATION);
              assertThat(failure.why()).isEqualTo("there are 2, 5");
            });
    assertThatThrownBy(() -> RollbackMachine.target(WEB, all, Optional.empty()))
        .isInstanceOf(Failure.class);
    assertThatThrownBy(() -> RollbackMachine.target(WEB, List.of(), Optional.empty()))
        .isInstanceOf(Failure.class);
  }
}
