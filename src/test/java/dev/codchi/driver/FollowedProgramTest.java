package dev.codchi.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FollowedProgramTest {
  private static Executor.Running ending(int status) {
    return new Executor.Running() {
      @Override
      public void signal(int number) {}

      @Override
      public int await() {
        return status;
      }
    };
  }

  @Test
  void its_status_is_known_when_it_has_ended() {
    assertThat(FollowedProgram.follow(ending(7), () -> {}).await()).isEqualTo(7);
  }

  @Test
  void whoever_reads_is_let_go_and_told_when_the_backend_is_gone() throws IOException {
    LostProgram lost = new LostProgram();
    Pipe pipe = Pipe.open();
    try (InputStream in = Channels.newInputStream(pipe.source());
        OutputStream out = Channels.newOutputStream(pipe.sink())) {
      FollowedProgram followed = FollowedProgram.follow(lost, out);
      lost.lose();
      assertThat(in.read()).isNegative();
      assertThat(catchThrowableOfType(Failure.class, followed::requireNotLost).code())
          .isEqualTo(FailureCode.LXD_CONNECTION_LOST);
      assertThat(catchThrowableOfType(Failure.class, followed::await).code())
          .isEqualTo(FailureCode.LXD_CONNECTION_LOST);
    }
  }

  @Test
  void one_that_ended_is_not_lost() {
    FollowedProgram followed = FollowedProgram.follow(ending(1), () -> {});
    assertThat(followed.await()).isEqualTo(1);
    followed.requireNotLost();
  }

  @Test
  void what_cannot_be_let_go_is_told() {
    FollowedProgram followed =
        FollowedProgram.follow(
            ending(0),
            () -> {
              throw new IOException("a full disk");
            });
    assertThatThrownBy(followed::await)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("a full disk");
  }
}
