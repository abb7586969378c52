package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  @TempDir Path data;
  private Directories directories;

  @BeforeEach
  void directories() {
    directories = new Directories(data.resolve("config"), data);
  }

  @Test
  void workspacesOfOneProcessAreApartAndPrivate() throws IOException {
    try (Workspace one = Workspace.of(directories);
        Workspace other = Workspace.of(directories)) {
      assertThat(one.directory()).isNotEqualTo(other.directory()).isEmptyDirectory();
      assertThat(one.inStore()).isEqualTo("/data/" + data.relativize(one.directory()).toString());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one.directory())))
          .isEqualTo("rwx------");
    }
    assertThat(data.resolve("export")).isEmptyDirectory();
  }

  @Test
  void whatKilledProcessesLeftIsRemovedAndNothingElse() throws IOException {
    Process ended = new ProcessBuilder("true").start();
    long gone = ended.pid();
    ended.onExit().join();
    Path ofAnEarlierVersion = Files.createDirectories(data.resolve("export/web"));
    // The number of a process that runs, but began at another time.
    Path ofTheSameNumber =
        Files.createDirectories(
            data.resolve("export/" + ProcessHandle.current().pid() + ".1." + UUID.randomUUID()));
    Path ofTheKilled =
        Files.createDirectories(data.resolve("export/" + gone + ".1." + UUID.randomUUID()));
    Files.writeString(ofTheKilled.resolve("disk.raw"), "half a disk");
    Files.createSymbolicLink(ofTheKilled.resolve("image"), data.resolve("nowhere"));
    try (Workspace present = Workspace.of(directories)) {
      Files.writeString(present.directory().resolve("disk.raw"), "at work");

      Workspace.removeAbandoned(directories);
      Workspace.removeAbandoned(directories);

      assertThat(ofAnEarlierVersion).doesNotExist();
      assertThat(ofTheSameNumber).doesNotExist();
      assertThat(data.resolve("export")).isDirectoryContaining(present.directory()::equals);
      assertThat(data.resolve("export").toFile().list()).hasSize(1);
      assertThat(present.directory().resolve("disk.raw")).hasContent("at work");
    }
  }

  @Test
  void nothingToRemoveIsNoFailure() {
    Workspace.removeAbandoned(directories);
    assertThat(data.resolve("export")).doesNotExist();
  }
}
