package dev.codchi.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another process at work has is in the scenario {@code tar_leaves_no_half_file}. */
class PartialFileTest {
  @TempDir Path directory;

  @Test
  void hasItsNameOnlyWhenItIsComplete() throws IOException {
    Path file = directory.resolve("file");
    try (PartialFile partial = PartialFile.in(directory)) {
      partial.channel().write(ByteBuffer.wrap(new byte[] {1, 2}));
      assertThat(file).doesNotExist();
      partial.moveTo(file);
    }
    assertThat(files()).containsExactly("file");
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2);
  }

  @Test
  void leavesNothingWhenItIsNotMoved() throws IOException {
    PartialFile.in(directory).close();
    assertThat(files()).isEmpty();
  }

  @Test
  void removesWhatAKilledProcessLeft() throws IOException {
    Files.createFile(directory.resolve(".codchi-1.2.3.part"));
    PartialFile.removeAbandoned(directory);
    assertThat(files()).isEmpty();
  }

  @Test
  void keepsWhatIsBeingWritten() throws IOException {
    try (PartialFile partial = PartialFile.in(directory)) {
      PartialFile.removeAbandoned(directory);
      assertThat(files()).hasSize(1);
      assertThat(partial.channel().isOpen()).isTrue();
    }
  }

  @Test
  void keepsTheFilesOfOthers() throws IOException {
    FileTime longAgo = FileTime.from(Instant.EPOCH);
    for (String name : List.of(".archive.tar.1234.part", "film.part", ".codchi-notes")) {
      Files.setLastModifiedTime(Files.createFile(directory.resolve(name)), longAgo);
    }
    Files.createDirectory(directory.resolve(".codchi-directory.part"));
    Files.createSymbolicLink(directory.resolve(".codchi-link.part"), Path.of("film.part"));
    PartialFile.removeAbandoned(directory);
    assertThat(files()).hasSize(5);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }
}
