package dev.codchi.hostintegration.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.TestSettings;
import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.MachinesAtRest;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Consents;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareFolderTest {
  private static final int AT_ONCE = 8;

  @TempDir Path temporary;
  private final FoldersCapability capability = new FoldersCapability();
  private Path directory = Path.of("/");
  private MachinesAtRest machines;
  private MachineName web;
  private ShareFolder shareFolder;

  @BeforeEach
  void make() throws IOException {
    directory = temporary.toRealPath();
    machines = new MachinesAtRest(TestSettings.in(directory), List.of(capability));
    web = machines.add("web");
    shareFolder =
        new ShareFolder(
            machines.machines(), machines.attachCapabilities(), machines.changeConsents());
  }

  private SharedFolder folder(String name) {
    try {
      return new SharedFolder(Files.createDirectories(directory.resolve(name)), false);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Consents consents() {
    return Consents.read(machines.attachCapabilities().side(web));
  }

  @Test
  void none_is_lost_when_several_are_shared_at_once() throws Exception {
    List<Callable<Boolean>> all = new ArrayList<>();
    List<SharedFolder> wanted = new ArrayList<>();
    for (int each = 0; each < AT_ONCE; each++) {
      SharedFolder one = folder("shared/" + each);
      wanted.add(one);
      all.add(() -> {
        shareFolder.add(web, List.of(one), Progress.SILENT);
        return true;
      });
    }
    try (ExecutorService persons = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<Boolean> one : persons.invokeAll(all)) {
        assertThat(one.get()).isTrue();
      }
    }
    assertThat(shareFolder.list(web))
        .extracting(ShareFolder.Entry::folder)
        .containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void the_answer_is_no_when_the_last_one_is_taken_away() {
    SharedFolder one = folder("one");
    shareFolder.add(MachineName.of("WEB"), List.of(one), Progress.SILENT);
    assertThat(shareFolder.list(MachineName.of("Web"))).hasSize(1);
    assertThat(consents().of("folders")).contains(true);
    shareFolder.remove(web, one.path(), Progress.SILENT);
    assertThat(shareFolder.list(web)).isEmpty();
    assertThat(consents().of("folders")).contains(false);
    Failure failure =
        catchThrowableOfType(
            Failure.class, () -> shareFolder.remove(web, one.path(), Progress.SILENT));
    assertThat(failure.code()).isEqualTo(FailureCode.NOT_ATTACHED);
  }

  @Test
  void each_folder_is_a_device_of_its_own() {
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    shareFolder.add(web, List.of(folder("Aa"), folder("BB")), Progress.SILENT);
    assertThat(capability.attach(machines.attachCapabilities().side(web)))
        .extracting(one -> ((Mount) ((Attachment.Plugged) one).device()).name())
        .doesNotHaveDuplicates()
        .hasSize(2)
        .allMatch(name -> name.matches("folder-[0-9a-f]{16}"));
  }
}
