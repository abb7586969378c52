package dev.codchi.hostintegration.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedFolderTest {
  @TempDir Path temporary;
  private Path directory = Path.of("/");

  @BeforeEach
  void resolve() throws IOException {
    directory = temporary.toRealPath();
  }

  @Test
  void links_are_followed_once_when_the_folder_is_named() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real:ro"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    SharedFolder folder = SharedFolder.parse(link + ":ro");
    assertThat(folder).isEqualTo(new SharedFolder(real, true));
    assertThat(folder.target()).isEqualTo("/host" + real);
    assertThat(SharedFolder.of(folder.written())).isEqualTo(folder);
    assertThat(SharedFolder.parse(link.toString()).readOnly()).isFalse();
  }

  @Test
  void a_link_in_the_folders_place_is_not_the_folder() throws IOException {
    Path real = Files.createDirectories(directory.resolve("a/b"));
    SharedFolder folder = SharedFolder.parse(real.toString());
    assertThat(folder.present()).isTrue();
    Files.move(directory.resolve("a"), directory.resolve("c"));
    Files.createSymbolicLink(directory.resolve("a"), directory.resolve("c"));
    assertThat(folder.present()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/etc", "/none/such", "/etc/passwd", "/home/../etc:ro"})
  void what_is_too_much_or_nothing_is_refused(String text) {
    Failure refused = catchThrowableOfType(Failure.class, () -> SharedFolder.parse(text));
    assertThat(refused.code()).isEqualTo(FailureCode.BAD_SHARE);
  }

  @Test
  void the_whole_home_is_refused_and_a_folder_in_it_is_not() {
    String home = System.getProperty("user.home");
    Failure refused = catchThrowableOfType(Failure.class, () -> SharedFolder.parse(home + ":ro"));
    assertThat(refused.why()).contains("home directory");
  }
}
