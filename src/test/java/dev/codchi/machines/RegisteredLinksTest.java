package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.codchi.config.Settings;
import dev.codchi.config.TestSettings;
import dev.codchi.driver.Container;
import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.FileOwner;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that run are in the end-to-end scenarios, too. */
class RegisteredLinksTest {
  private static final MachineName WEB = MachineName.of("web");
  private static final String ONE = "/nix/store/" + "1".repeat(32) + "-one";
  private static final String EVIL = "/nix/store/x\n../../../../../config/evil /nix/store/y";
  private static final Optional<Container> STOPPED =
      Optional.of(new Container("codchi-web", Container.State.STOPPED, Map.of()));

  /** A container's own files, as a backend shows them while it is stopped. */
  private static final class OwnFiles implements ContainerFiles {
    private final Map<String, String> content = new HashMap<>();

    @Override
    public InputStream read(String container, String path) {
      String found = content.get(path);
      if (found == null) {
        throw Failure.of(FailureCode.CONTAINER_MISSING, path + " is not there");
      }
      return new ByteArrayInputStream(found.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(String container, String path, byte[] bytes, FileOwner owner) {
      throw new AssertionError("nothing is changed");
    }

    @Override
    public void makeDirectory(String container, String path, FileOwner owner) {
      throw new AssertionError("nothing is changed");
    }

    @Override
    public void link(String container, String path, String target) {
      throw new AssertionError("nothing is changed");
    }

    @Override
    public void remove(String container, String path) {
      throw new AssertionError("nothing is changed");
    }
  }

  @TempDir Path directory;

  private final OwnFiles files = new OwnFiles();
  private Path home;
  private RegisteredLinks links;

  @BeforeEach
  void make() throws IOException {
    Settings settings = TestSettings.in(directory);
    home = Files.createDirectories(settings.directories().home("web"));
    links =
        new RegisteredLinks(
            settings,
            files,
            execution -> {
              throw new AssertionError("nothing is run");
            });
  }

  private Map<String, String> find(String... paths) {
    return links.find(WEB, STOPPED, List.of(paths));
  }

  private void link(String at, String target) throws IOException {
    Path link = home.resolve(at);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }

  @Test
  void finds_links_of_the_home_and_nothing_else() throws IOException {
    link("project/result", ONE);
    link("elsewhere", "/etc/passwd");
    Files.writeString(home.resolve("file"), "x");
    assertThat(
            find(
                "/home/codchi/project/result",
                "/home/codchi/elsewhere",
                "/home/codchi/file",
                "/home/codchi/file/below",
                "/home/codchi/nothing/result"))
        .isEqualTo(Map.of("/home/codchi/project/result", ONE));
  }

  @Test
  void keeps_the_whole_store_path_and_nothing_that_is_none() throws IOException {
    link("into", ONE + "/bin/program");
    link("odd", ONE + "/odd\nname");
    link("evil", EVIL);
    link("line", ONE + "\n");
    link("blank", ONE + " /nix/store/y");
    link("hash", "/nix/store/" + "1".repeat(31) + "-one");
    link("store", "/nix/store/");
    link("up", "/nix/store/../../config");
    assertThat(
            find(
                Stream.of("into", "odd", "evil", "line", "blank", "hash", "store", "up")
                    .map(name -> "/home/codchi/" + name)
                    .toArray(String[]::new)))
        .isEqualTo(Map.of("/home/codchi/into", ONE, "/home/codchi/odd", ONE));
  }

  @Test
  void believes_a_running_machine_no_more_than_a_stopped_one() {
    String said = String.join("\0", "/r", EVIL, "/into", ONE + "/bin", "/never-asked", ONE) + "\0";
    RegisteredLinks running =
        new RegisteredLinks(
            TestSettings.in(directory),
            files,
            execution -> new Said(said, (Execution.Streams) execution.io()));
    Container container = new Container("codchi-web", Container.State.RUNNING, Map.of());
    assertThat(running.find(WEB, Optional.of(container), List.of("/r", "/into")))
        .isEqualTo(Map.of("/into", ONE));
  }

  /** A program that says something and ends well. */
  private record Said(String text, Execution.Streams streams) implements Executor.Running {
    @Override
    public void signal(int number) {}

    @Override
    public int await() {
      try {
        streams.stdout().write(text.getBytes(StandardCharsets.UTF_8));
        return 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void follows_directories_as_the_machine_would() throws IOException {
    link("real/deep/result", ONE);
    link("near", "real");
    link("far", "/home/codchi/real/deep");
    link("real/up", "../real/deep");
    link("own", "/srv/work");
    files.content.put("/srv/work/result", ONE);
    for (String path : List.of("near/deep/result", "far/result", "real/up/result", "own/result")) {
      assertThat(find("/home/codchi/" + path)).as(path).containsValue(ONE);
    }
    link("loop", "loop");
    assertThat(find("/home/codchi/loop/result")).isEmpty();
  }

  @Test
  void directories_that_are_links_never_lead_to_the_host() throws IOException {
    Path host = Files.createDirectories(directory.resolve("host"));
    Files.createSymbolicLink(host.resolve("result"), Path.of(ONE));
    link("trap", host.toString());
    assertThat(find("/home/codchi/trap/result")).isEmpty();
  }

  @Test
  void finds_other_files_through_the_backend_and_shared_folders_on_the_host() throws IOException {
    files.content.put("/srv/result", ONE);
    files.content.put("/etc/hostname", "web");
    Path shared = Files.createDirectories(directory.resolve("shared"));
    Files.createSymbolicLink(shared.resolve("result"), Path.of(ONE));
    String folder = "/host" + shared + "/result";
    assertThat(find("/srv/result", "/etc/hostname", "/srv/none", folder, "/host/nowhere/result"))
        .isEqualTo(Map.of("/srv/result", ONE, folder, ONE));
  }

  @Test
  void a_machine_without_a_container_has_a_home() throws IOException {
    link("result", ONE);
    assertThat(links.find(WEB, Optional.empty(), List.of("/home/codchi/result", "/srv/result")))
        .isEqualTo(Map.of("/home/codchi/result", ONE));
  }

  @Test
  void says_so_where_it_cannot_look() throws IOException {
    link("hidden/result", ONE);
    Path hidden = home.resolve("hidden");
    Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(hidden)).as("root sees everything").isFalse();
    Failure failure = catchThrowableOfType(Failure.class, () -> find("/home/codchi/hidden/result"));
    assertThat(failure.code()).isEqualTo(FailureCode.STORE_COLLECT);
    assertThat(failure.nextStep()).contains("Start the machine");
  }
}
