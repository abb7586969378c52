package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTreeTest {
  @TempDir Path temporary;

  @Test
  void links_are_deleted_and_what_they_lead_to_is_not() throws IOException {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.createFile(outside.resolve("file"));
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    Files.createSymbolicLink(tree.resolve("nowhere"), Path.of("/none/such"));
    FileTree.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(outside.resolve("file")).exists();
    FileTree.delete(tree);
  }

  /** Nothing is protected from root; what an ordinary user deletes is among the scenarios. */
  @ParameterizedTest
  @ValueSource(strings = {"r-xr-xr-x", "---------", "-wx------", "r--r--r--"})
  void what_is_protected_by_its_mode_is_deleted_too(String mode) throws IOException {
    Path tree = temporary.resolve("tree");
    Path closed = Files.createDirectories(tree.resolve("a/closed"));
    Files.createFile(Files.createDirectory(closed.resolve("inner")).resolve("file"));
    Files.createFile(closed.resolve("file"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString(mode));
    FileTree.delete(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void what_is_somebody_elses_stays_and_is_named() {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may delete everything");
    Failure refused =
        catchThrowableOfType(Failure.class, () -> FileTree.delete(Path.of("/proc/1")));
    assertThat(refused.code()).isEqualTo(FailureCode.DIRECTORY_UNUSABLE);
    assertThat(refused.why()).contains("/proc/1");
  }
}
