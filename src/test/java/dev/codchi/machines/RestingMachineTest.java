package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.driver.LostProgram;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.process.HostProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose daemon goes away; with one that stays, the end-to-end scenarios of exports. */
@Timeout(60)
class RestingMachineTest {
  @TempDir Path directory;

  private final LostProgram lost = new LostProgram();

  private RestingMachine.Program start() {
    return new RestingMachine(
            execution -> lost, "container", "/tools", directory, "/inside", this::pipe)
        .start("tar", List.of(), true, true);
  }

  private Path pipe(Path into, String name) {
    Path pipe = into.resolve(name);
    assertThat(HostProgram.run(List.of("mkfifo", pipe.toString()), Duration.ofSeconds(10)).status())
        .isZero();
    return pipe;
  }

  @Test
  void whoever_waits_at_a_pipe_is_let_go_when_the_daemon_is_gone() throws Exception {
    RestingMachine.Program program = start();
    Thread daemon = Thread.ofPlatform().start(lost::lose);
    read(program);
    daemon.join();
    assertLost(program::await);
  }

  /** It is let go in the middle of opening, or finds that there is nothing to open any more. */
  private static void read(RestingMachine.Program program) throws IOException {
    try (FileChannel output = program.output()) {
      assertThat(output.read(ByteBuffer.allocate(1))).isNegative();
    } catch (Failure gone) {
      assertThat(gone.code()).isEqualTo(FailureCode.LXD_CONNECTION_LOST);
    }
  }

  @Test
  void nobody_comes_to_wait_at_a_pipe_of_a_program_that_is_lost() {
    RestingMachine.Program program = start();
    lost.lose();
    assertLost(program::await);
    assertLost(() -> program.input().close());
    assertLost(() -> program.output().close());
  }

  private static void assertLost(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(catchThrowableOfType(Failure.class, call).code())
        .isEqualTo(FailureCode.LXD_CONNECTION_LOST);
  }
}
