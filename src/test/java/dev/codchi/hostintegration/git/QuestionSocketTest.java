package dev.codchi.hostintegration.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.failure.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionSocketTest {
  @TempDir Path runtime;

  @Test
  void paths_are_read_back_as_they_are() {
    QuestionSocket socket = new QuestionSocket(new UserSystemd(Path.of("/run/a b%c")), "web");
    assertThat(socket.socketText())
        .contains("\nListenStream=/run/a b%%c/codchi/.git-credentials/web\n");
    assertThat(socket.serviceText(Path.of("/home/a \"b\" \\c %n $HOME/codchi")))
        .contains(
            "\nExecStart=:/bin/sh \"/home/a \\\"b\\\" \\\\c %%n $HOME/codchi\" git-credentials web\n");
    assertThatThrownBy(() -> socket.serviceText(Path.of("/home/a\nExecStart=/bin/true")))
        .isInstanceOf(Failure.class);
  }

  @Test
  void nobody_is_asked_to_remove_what_is_not_there() {
    new QuestionSocket(new UserSystemd(runtime), "web").remove();
    assertThat(runtime).isEmptyDirectory();
  }
}
