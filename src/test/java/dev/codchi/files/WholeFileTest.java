package dev.codchi.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path directory;

  @Test
  void writesContentAndModeAndLeavesNothingElse() throws IOException {
    Path file = directory.resolve("deep/er/file");

    WholeFile.write(file, "one", 0600);
    WholeFile.write(file, "two", 0644);

    assertThat(file).hasContent("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    try (var siblings = Files.list(file.getParent())) {
      assertThat(siblings).containsExactly(file);
    }
  }

  @Test
  void readsBackOrSaysThatThereIsNothing() {
    Path file = directory.resolve("file");
    assertThat(WholeFile.read(file)).isEmpty();

    WholeFile.write(file, new byte[] {0, -1}, 0600);

    assertThat(WholeFile.read(file)).hasValue(new byte[] {0, -1});
  }

  @Test
  void followsALinkInsteadOfReplacingIt() throws IOException {
    Path real = Files.writeString(directory.resolve("real"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));

    WholeFile.write(link, "new", 0600);

    assertThat(link).isSymbolicLink();
    assertThat(real).hasContent("new");
  }

  @Test
  void aTargetThatCannotBeReplacedFailsAndLeavesNoTemporaryFile() throws IOException {
    Path target = directory.resolve("target");
    Files.createDirectories(target.resolve("inhabited"));

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> WholeFile.write(target, "x", 0600))
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.DIRECTORY_UNUSABLE));
    try (var siblings = Files.list(directory)) {
      assertThat(siblings).containsExactly(target);
    }
  }

  @Test
  void removesTemporaryFilesThatAKilledProcessLeftLongAgo() throws IOException {
    Path file = directory.resolve("file");
    Path old = Files.writeString(directory.resolve(".file.1a.tmp"), "half");
    Path young = Files.writeString(directory.resolve(".file.2b.tmp"), "half");
    Path others = Files.writeString(directory.resolve(".other.1a.tmp"), "half");
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(others, longAgo);

    WholeFile.write(file, "whole".getBytes(StandardCharsets.UTF_8), 0600);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(others).exists();
  }
}
