package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.codchi.driver.CharacterDevice;
import dev.codchi.driver.Container;
import dev.codchi.driver.Container.State;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.ContainerSpec.Network;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Execution.Streams;
import dev.codchi.driver.FileOwner;
import dev.codchi.driver.Mount;
import dev.codchi.driver.UsbDevice;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What every adapter of the container port does, whatever daemon is behind it. Subclasses say which
 * one; each test makes its own containers and leaves none.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120) // a lost end of a stream would otherwise wait for ever
abstract class ContainerContract {
  private static final String PREFIX = "lxddev-" + ProcessHandle.current().pid() + "-";
  private static final int RUNS = 60;

  /** Only the ordinary first program makes that file. */
  private static final String AWAIT_INIT =
      "while ! [ -e /tmp/up ] && [ $((n+=1)) -lt 100 ]; do sleep 0.1; done; [ -e /tmp/up ]";

  private final TestContainers made = new TestContainers(PREFIX);

  /** The adapter under test. */
  abstract LxdDriver driver();

  /** Whether containers are real: with ids, mounts and a network of their own. */
  abstract boolean real();

  @AfterEach
  void removeContainers() {
    made.removeAll(driver());
  }

  @AfterAll
  void removeFiles() throws IOException {
    made.removeFiles();
  }

  private String create(Mount... mounts) {
    ContainerSpec spec = made.spec(Network.DYNAMIC, mounts);
    driver().create(spec);
    return spec.name();
  }

  private String createAndStart(Mount... mounts) {
    String name = create(mounts);
    driver().start(name);
    return name;
  }

  private record Outcome(int status, String out, String err) {}

  private Outcome runWith(@Nullable InputStream stdin, String container, String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = driver().run(execution(container, new Streams(stdin, out, err), command));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Outcome run(String container, String... command) {
    return runWith(InputStream.nullInputStream(), container, command);
  }

  private static Execution execution(String container, Execution.Io io, String... command) {
    return new Execution(
        container, List.of(command), Map.of("PATH", "/tools", "COLOUR", "blue"), 0, 0, "/", io);
  }

  private static FailureCode codeOf(Callable<?> call) {
    try {
      call.call();
    } catch (Failure failure) {
      return failure.code();
    } catch (Exception other) {
      throw new AssertionError("a failure was expected", other);
    }
    throw new AssertionError("a failure was expected");
  }

  @Test
  void says_what_the_backend_is() {
    assertThat(driver().features().backend()).isIn("lxd", "incus");
    assertThat(driver().features().version()).isNotBlank();
  }

  @Test
  void a_new_container_is_stopped_and_carries_its_labels() {
    String name = create();
    Container expected = new Container(name, State.STOPPED, Map.of("kind", "test", "note", "a b"));
    assertThat(driver().find(name)).contains(expected);
    assertThat(driver().list(PREFIX)).containsExactly(expected);
    assertThat(driver().find(PREFIX + "nobody")).isEmpty();
  }

  /** Pools that count nothing are allowed, wrong figures are not. */
  @Test
  void tells_what_containers_take_of_the_disk() {
    String name = create();
    Map<String, Long> used = driver().diskUsage(PREFIX);
    assertThat(used).allSatisfy((_, bytes) -> assertThat(bytes).isPositive());
    if (real()) {
      assertThat(List.of(name)).containsAll(used.keySet());
    } else {
      assertThat(used).containsOnlyKeys(name);
    }
    assertThat(driver().diskUsage(PREFIX + "nobody")).isEmpty();
  }

  @Test
  void a_name_can_be_taken_only_once() {
    ContainerSpec spec = made.spec(Network.DYNAMIC);
    driver().create(spec);
    assertThat(
            codeOf(() -> {
              driver().create(spec);
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_EXISTS);
  }

  @Test
  void a_copy_has_the_files_and_its_own_mounts_and_labels() throws IOException {
    Path own = made.directory();
    Files.writeString(own.resolve("of"), "the copy");
    String original = create(new Mount("data", made.directory(), "/home", true));
    driver()
        .write(
            original, "/etc/state", "state".getBytes(StandardCharsets.UTF_8), FileOwner.root(0600));
    driver().start(original);
    driver().freeze(original);
    driver().freeze(original);
    ContainerSpec spec =
        relabelled(made.spec(Network.DYNAMIC, new Mount("data", own, "/home", true)));
    driver().copy(original, spec);
    assertThat(driver().find(original)).get().matches(found -> found.state() == State.FROZEN);
    driver().thaw(original);
    driver().thaw(original);
    driver().thaw(PREFIX + "nobody");
    assertThat(driver().find(original)).get().matches(Container::running);
    assertThat(driver().find(spec.name()))
        .contains(new Container(spec.name(), State.STOPPED, Map.of("kind", "copy", "note", "a b")));
    driver().start(spec.name());
    assertThat(content(spec.name(), "/etc/state")).isEqualTo("state");
    assertThat(homeOf(spec.name())).isEqualTo("the copy");
    assertThat(
            codeOf(() -> {
              driver().copy(original, spec);
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_EXISTS);
    assertThat(
            codeOf(() -> {
              driver().copy(PREFIX + "nobody", made.spec(Network.DYNAMIC));
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_MISSING);
  }

  @Test
  void a_renamed_container_is_the_same_with_other_mounts_and_labels() throws IOException {
    Path own = made.directory();
    Files.writeString(own.resolve("of"), "the new name");
    String original = create(new Mount("data", made.directory(), "/home", true));
    driver()
        .write(
            original, "/etc/state", "state".getBytes(StandardCharsets.UTF_8), FileOwner.root(0600));
    ContainerSpec spec =
        relabelled(made.spec(Network.DYNAMIC, new Mount("data", own, "/home", true)));
    driver().start(original);
    assertThat(
            codeOf(() -> {
              driver().rename(original, spec);
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_BUSY);
    driver().stop(original, 10);
    driver().rename(original, spec);
    driver().rename(original, spec);
    assertThat(driver().find(original)).isEmpty();
    assertThat(driver().find(spec.name()).orElseThrow().labels()).containsEntry("kind", "copy");
    driver().start(spec.name());
    assertThat(content(spec.name(), "/etc/state")).isEqualTo("state");
    assertThat(homeOf(spec.name())).isEqualTo("the new name");
    assertThat(
            codeOf(() -> {
              driver().rename(PREFIX + "nobody", made.spec(Network.DYNAMIC));
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_MISSING);
  }

  private String content(String container, String path) throws IOException {
    try (InputStream read = driver().read(container, path)) {
      return new String(read.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What is in the file {@code of} of the directory that is mounted at {@code /home}. */
  private String homeOf(String container) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Streams streams = new Streams(InputStream.nullInputStream(), out, out);
    driver()
        .run(
            new Execution(
                container,
                List.of("/tools/cat", "of"),
                Map.of("PATH", "/tools"),
                0,
                0,
                "/home",
                streams));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ContainerSpec relabelled(ContainerSpec spec) {
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.person(),
        spec.isolatedIds(),
        spec.mounts(),
        Map.of("kind", "copy", "note", "a b"),
        spec.network());
  }

  @Test
  void a_container_that_cannot_be_created_leaves_nothing() {
    Mount nowhere = new Mount("nowhere", Path.of("/nonexistent/directory"), "/mnt", false);
    ContainerSpec spec = made.spec(Network.DYNAMIC, nowhere);
    assertThatThrownBy(() -> driver().create(spec)).isInstanceOf(Failure.class);
    assertThat(driver().find(spec.name())).isEmpty();
  }

  @Test
  void two_containers_can_be_created_at_the_same_time() throws Exception {
    ContainerSpec one = made.spec(Network.PRECONFIGURED);
    ContainerSpec two = made.spec(Network.PRECONFIGURED);
    made.freshImage();
    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> driver().create(made.withFreshImage(one)));
      var second = threads.submit(() -> driver().create(made.withFreshImage(two)));
      first.get();
      second.get();
    }
    assertThat(driver().list(PREFIX)).hasSize(2);
  }

  @Test
  void starting_and_stopping_can_be_repeated() {
    String name = create();
    driver().start(name);
    driver().start(name);
    assertThat(driver().find(name)).get().matches(Container::running);
    driver().stop(name, 10);
    driver().stop(name, 10);
    assertThat(driver().find(name)).get().matches(found -> found.state() == State.STOPPED);
    driver().stop(PREFIX + "nobody", 10);
    assertThat(
            codeOf(() -> {
              driver().start(PREFIX + "nobody");
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_MISSING);
  }

  @Test
  void a_container_that_ignores_the_order_to_stop_is_stopped_by_force() {
    String name = create();
    driver().write(name, "/etc/stubborn", new byte[0], FileOwner.root(0644));
    driver().start(name);
    run(name, "/tools/sh", "-c", "while ! [ -e /tmp/up ] && [ $((n+=1)) -lt 100 ]; do :; done");
    driver().stop(name, 1);
    assertThat(driver().find(name)).get().matches(found -> found.state() == State.STOPPED);
  }

  @Test
  void deleting_stops_before_and_can_be_repeated() {
    String name = createAndStart();
    driver().delete(name);
    driver().delete(name);
    assertThat(driver().find(name)).isEmpty();
  }

  /** The backend goes on with what nobody waits for any more, and tells of it late. */
  @Test
  void what_was_interrupted_while_it_was_made_or_started_is_deleted_for_good() throws Exception {
    for (int millis = 0; millis < 60; millis += 6) {
      ContainerSpec spec = made.spec(Network.DYNAMIC);
      interruptAfter(millis, () -> driver().create(spec));
      driver().delete(spec.name());
      driver().settle(spec.name());
      assertThat(driver().find(spec.name())).as("made for %d ms", millis).isEmpty();
    }
    for (int millis = 0; millis < 120; millis += 12) {
      String name = create();
      interruptAfter(millis, () -> driver().start(name));
      driver().delete(name);
      driver().settle(name);
      assertThat(driver().find(name)).as("started for %d ms", millis).isEmpty();
    }
  }

  @Test
  void stopping_also_ends_a_start_that_was_interrupted() throws Exception {
    String name = create();
    for (int millis = 0; millis < 120; millis += 12) {
      interruptAfter(millis, () -> driver().start(name));
      driver().stop(name, 0);
      driver().settle(name);
      assertThat(driver().find(name))
          .as("started for %d ms", millis)
          .get()
          .matches(found -> !found.running());
    }
  }

  @Test
  void what_was_about_to_stop_can_be_started_again() throws Exception {
    String name = createAndStart();
    for (int millis = 0; millis < 120; millis += 12) {
      interruptAfter(millis, () -> driver().stop(name, 10));
      driver().start(name);
      driver().settle(name);
      assertThat(driver().find(name))
          .as("stopped for %d ms", millis)
          .get()
          .matches(Container::running);
    }
  }

  @Test
  void a_halt_that_was_interrupted_does_not_come_after_the_thaw() throws Exception {
    String name = createAndStart();
    for (int millis = 0; millis < 20; millis += 2) {
      interruptAfter(millis, () -> driver().freeze(name));
      driver().thaw(name);
      driver().settle(name);
      assertThat(driver().find(name))
          .as("halted for %d ms", millis)
          .get()
          .matches(Container::running);
    }
  }

  @Test
  void work_on_files_that_was_interrupted_leaves_the_ordinary_start() throws Exception {
    assumeThat(real()).isTrue();
    for (int millis = 0; millis < 40; millis += 4) {
      String name = create();
      interruptAfter(
          millis, () -> driver().startBare(name, List.of("/tools/sleep", "100"), List.of()));
      driver().endBare(name, () -> {});
      driver().settle(name);
      driver().start(name);
      assertThat(run(name, "/tools/sh", "-c", AWAIT_INIT).status())
          .as("begun for %d ms", millis)
          .isZero();
      driver().delete(name);
    }
  }

  @Test
  void work_on_files_leaves_alone_what_runs() {
    String name = createAndStart();
    assertThat(
            codeOf(() -> {
              driver().startBare(name, List.of("/tools/sleep", "100"), List.of());
              return null;
            }))
        .isEqualTo(FailureCode.CONTAINER_BUSY);
    assertThat(driver().find(name)).get().matches(Container::running);
  }

  private static void interruptAfter(int millis, Runnable call) throws InterruptedException {
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                call.run();
              } catch (Failure failure) {
                if (failure.code() != FailureCode.INTERRUPTED) {
                  wrong.set(failure);
                }
              } catch (RuntimeException | Error other) {
                wrong.set(other);
              }
            });
    caller.join(Duration.ofMillis(millis));
    caller.interrupt();
    caller.join();
    assertThat(wrong.get()).isNull();
  }

  @Test
  void a_container_without_init_does_not_start_and_the_failure_says_why() {
    ContainerSpec spec = made.withoutInit();
    driver().create(spec);
    assertThatThrownBy(() -> driver().start(spec.name()))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.CONTAINER_START);
              assertThat(failure.what()).contains(spec.name());
              assertThat(failure.why()).isNotBlank();
            });
  }

  @Test
  void labels_are_replaced_as_a_whole() {
    String name = create();
    driver().label(name, Map.of("kind", "other", "new", "yes"));
    assertThat(driver().find(name).orElseThrow().labels())
        .isEqualTo(Map.of("kind", "other", "new", "yes"));
    driver().label(name, Map.of());
    assertThat(driver().find(name).orElseThrow().labels()).isEmpty();
  }

  @Test
  void a_directory_can_be_attached_while_the_container_runs() throws IOException {
    String name = createAndStart();
    Path directory = made.directory();
    Files.writeString(directory.resolve("greeting"), "hello");
    Mount mount = new Mount("more", directory, "/more", true);
    driver().attach(name, mount);
    driver().attach(name, mount);
    assertThat(run(name, "/tools/cat", real() ? "/more/greeting" : directory + "/greeting").out())
        .isEqualTo("hello");
  }

  @Test
  void devices_of_the_host_come_and_go_while_the_container_runs() throws IOException {
    String name = createAndStart();
    Path first = made.directory();
    Path second = made.directory();
    Files.writeString(first.resolve("which"), "first");
    Files.writeString(second.resolve("which"), "second");
    // Not one that the container daemon gives to every container by itself, as it does with
    // /dev/fuse.
    CharacterDevice character = new CharacterDevice("kmsg", Path.of("/dev/kmsg"), 44);
    UsbDevice absent = new UsbDevice("usb-stick", "1234", "abcd");
    driver().equip(name, List.of(new Mount("one", first, "/host", true), character, absent));
    if (real()) {
      assertThat(run(name, "/tools/cat", "/host/which").out()).isEqualTo("first");
      assertThat(run(name, "/tools/stat", "-c", "%F %u %g %a", "/dev/kmsg").out())
          .isEqualTo("character special file 1000 44 660\n");
    }
    // Another name at the same place: how a new session's directory replaces that of the last one.
    driver().equip(name, List.of(new Mount("two", second, "/host", true)));
    if (real()) {
      assertThat(run(name, "/tools/cat", "/host/which").out()).isEqualTo("second");
      assertThat(run(name, "/tools/stat", "/dev/kmsg").status()).isNotZero();
    }
    driver().equip(name, List.of());
    if (real()) {
      assertThat(run(name, "/tools/cat", "/host/which").status()).isNotZero();
      assertThat(run(name, "/tools/cat", "/tools/sh").status()).isZero();
    }
  }

  @Test
  void a_container_starts_without_devices_that_are_gone() throws IOException {
    String name = create();
    Path gone = Files.createDirectory(made.directory().resolve("gone"));
    driver().equip(name, List.of(new Mount("gone", gone, "/host", true)));
    Files.delete(gone);
    driver().start(name);
    assertThat(driver().find(name).orElseThrow().running()).isTrue();
  }

  @Test
  void files_can_be_written_and_read_in_stopped_and_running_containers() throws IOException {
    String name = create();
    for (boolean running : List.of(false, true)) {
      if (running) {
        driver().start(name);
      }
      driver().makeDirectory(name, "/etc/d", FileOwner.person(0750));
      driver().makeDirectory(name, "/etc/d", FileOwner.person(0750));
      byte[] content = new byte[300_000];
      new Random(1).nextBytes(content);
      driver().write(name, "/etc/d/f", new byte[] {1}, FileOwner.root(0644));
      driver().write(name, "/etc/d/f", content, FileOwner.person(0640));
      try (InputStream read = driver().read(name, "/etc/d/f")) {
        assertThat(read.readAllBytes()).isEqualTo(content);
      }
      driver().link(name, "/etc/d/l", "/first");
      driver().link(name, "/etc/d/l", "/second target");
      if (real() && running) {
        assertThat(run(name, "/tools/stat", "-c", "%u %g %a", "/etc/d", "/etc/d/f").out())
            .isEqualTo("1000 100 750\n1000 100 640\n");
        assertThat(run(name, "/tools/readlink", "/etc/d/l").out()).isEqualTo("/second target\n");
      }
      driver().remove(name, "/etc/d/l");
      driver().remove(name, "/etc/d/f");
      driver().remove(name, "/etc/d/f");
      driver().remove(name, "/etc/d");
    }
  }

  @Test
  void a_file_that_is_not_there_is_a_clear_failure() {
    String name = create();
    assertThat(codeOf(() -> driver().read(name, "/etc/nothing")))
        .isEqualTo(FailureCode.CONTAINER_MISSING);
    assertThat(codeOf(() -> driver().read(PREFIX + "nobody", "/etc/nothing")))
        .isEqualTo(FailureCode.CONTAINER_MISSING);
    assertThatThrownBy(
            () -> driver().write(name, "/no/such/dir", new byte[0], FileOwner.root(0644)))
        .isInstanceOf(Failure.class);
    driver().write(name, "/etc/taken", new byte[0], FileOwner.root(0644));
    assertThatThrownBy(() -> driver().link(name, "/etc/taken", "/x")).isInstanceOf(Failure.class);
  }

  @Test
  void a_program_keeps_its_status_its_streams_and_its_arguments() {
    String name = createAndStart();
    assertThat(run(name, "/tools/sh", "-c", "echo out; echo err >&2; exit 42"))
        .isEqualTo(new Outcome(42, "out\n", "err\n"));
    assertThat(run(name, "/tools/printf", "%s\\n", "a b", "$HOME", "\"", "", "ü").out())
        .isEqualTo("a b\n$HOME\n\"\n\nü\n");
    assertThat(run(name, "/tools/sh", "-c", "echo $COLOUR; pwd").out()).startsWith("blue\n/");
    assertThat(run(name, "printf", "found in PATH").out()).isEqualTo("found in PATH");
  }

  @Test
  void no_output_is_lost_in_sixty_runs() {
    String name = createAndStart();
    for (int i = 0; i < RUNS; i++) {
      assertThat(run(name, "/tools/sh", "-c", "echo out; echo err >&2"))
          .isEqualTo(new Outcome(0, "out\n", "err\n"));
      assertThat(runWith(null, name, "/tools/sh", "-c", "echo only err >&2; exit 1"))
          .isEqualTo(new Outcome(1, "", "only err\n"));
    }
  }

  @Test
  void input_reaches_the_program_up_to_its_end() {
    String name = createAndStart();
    byte[] text = "one\ntwo\n".getBytes(StandardCharsets.UTF_8);
    assertThat(runWith(new ByteArrayInputStream(text), name, "/tools/cat").out())
        .isEqualTo("one\ntwo\n");
    assertThat(runWith(null, name, "/tools/sh", "-c", "cat; echo end; echo err >&2"))
        .isEqualTo(new Outcome(0, "end\n", "err\n"));
    assertThat(
            runWith(new ByteArrayInputStream(new byte[10_000_000]), name, "/tools/true").status())
        .isZero();
  }

  @Test
  void a_program_that_reads_nothing_ends_although_its_input_stays_open() throws IOException {
    String name = createAndStart();
    try (PipedOutputStream keepsOpen = new PipedOutputStream();
        PipedInputStream silent = new PipedInputStream(keepsOpen)) {
      assertThat(runWith(silent, name, "/tools/sh", "-c", "echo done; exit 3"))
          .isEqualTo(new Outcome(3, "done\n", ""));
    }
  }

  @Test
  void binary_data_passes_unchanged_in_both_directions() {
    String name = createAndStart();
    byte[] data = new byte[8 * 1024 * 1024 + 17];
    new Random(2).nextBytes(data);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Streams streams =
        new Streams(new ByteArrayInputStream(data), out, OutputStream.nullOutputStream());
    assertThat(driver().run(execution(name, streams, "/tools/cat"))).isZero();
    assertThat(Arrays.equals(out.toByteArray(), data)).isTrue();
  }

  @Test
  void programs_that_cannot_be_run_have_the_statuses_of_a_shell() {
    String name = createAndStart();
    assertThat(run(name, "/tools/nothing").status()).isEqualTo(127);
    assertThat(run(name, "nothing").status()).isEqualTo(127);
    assertThat(run(name, "/tools/notes.txt").status()).isEqualTo(126);
    assertThat(run(name, "/etc").status()).isEqualTo(126);
  }

  @Test
  void signals_reach_the_program() throws IOException {
    String name = createAndStart();
    PipedInputStream seen = new PipedInputStream();
    try (PipedOutputStream out = new PipedOutputStream(seen)) {
      String script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
      Streams streams = new Streams(null, out, OutputStream.nullOutputStream());
      var running = driver().start(execution(name, streams, "/tools/sh", "-c", script));
      assertThat(new String(seen.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("ready\n");
      running.signal(15);
      assertThat(running.await()).isEqualTo(9);
      running.signal(15);
    }
  }

  @Test
  void a_program_needs_a_container_that_runs() {
    String name = create();
    assertThat(codeOf(() -> run(name, "/tools/true"))).isEqualTo(FailureCode.CONTAINER_NOT_RUNNING);
    assertThat(codeOf(() -> run(PREFIX + "nobody", "/tools/true")))
        .isEqualTo(FailureCode.CONTAINER_MISSING);
  }

  @Test
  void a_program_ends_when_nobody_takes_its_output() {
    String name = createAndStart();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int data) throws IOException {
            throw new IOException("no reader");
          }
        };
    Streams streams = new Streams(null, full, OutputStream.nullOutputStream());
    assertThatThrownBy(() -> driver().run(execution(name, streams, "/tools/yes")))
        .hasMessageContaining("no reader");
  }

  @Test
  void a_terminal_has_the_size_of_the_outer_one() throws IOException {
    String name = createAndStart();
    try (PipedOutputStream keyboard = new PipedOutputStream();
        PipedInputStream keys = new PipedInputStream(keyboard)) {
      PipedInputStream screen = new PipedInputStream(1 << 16);
      PipedOutputStream drawn = new PipedOutputStream(screen);
      var size = new AtomicReference<>(new Execution.Size(101, 33));
      var listener = new AtomicReference<Runnable>();
      List<String> events = new ArrayList<>();
      var terminal =
          new Execution.Terminal(
              () -> events.add("joined"),
              keys,
              drawn,
              size::get,
              resized -> {
                listener.set(resized);
                return () -> events.add("ended");
              });
      // Size and keys take different ways, so the program waits for both.
      String change = real() ? "while [ \"$(stty size)\" = '33 101' ]; do :; done;" : "";
      String script = "tty && stty size && read line && " + change + " stty size && exit 7";
      var running = driver().start(execution(name, terminal, "/tools/sh", "-c", script));
      assertThat(events).containsExactly("joined");
      assertThat(readUntil(screen, "33 101")).contains("/dev/pts/");
      if (real()) {
        size.set(new Execution.Size(77, 22));
        Objects.requireNonNull(listener.get()).run();
      }
      keyboard.write('\n');
      keyboard.flush();
      readUntil(screen, real() ? "22 77" : "33 101");
      assertThat(running.await()).isEqualTo(7);
      assertThat(events).containsExactly("joined", "ended");
    }
  }

  @Test
  void a_terminal_is_left_alone_where_nothing_runs() {
    String name = create();
    List<String> events = new ArrayList<>();
    var terminal =
        new Execution.Terminal(
            () -> events.add("joined"),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            () -> new Execution.Size(80, 24),
            resized -> () -> events.add("ended"));
    assertThat(codeOf(() -> driver().start(execution(name, terminal, "/tools/true"))))
        .isEqualTo(FailureCode.CONTAINER_NOT_RUNNING);
    assertThat(events).isEmpty();
  }

  private static String readUntil(InputStream from, String expected) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(expected) < 0) {
      int next = from.read();
      assertThat(next).as("end of terminal output after: %s", seen).isNotNegative();
      seen.append((char) next);
    }
    return seen.toString();
  }

  @Test
  void the_console_shows_what_init_wrote() {
    String name = create();
    assertThat(driver().consoleLog(name)).isEmpty();
    driver().start(name);
    run(name, "/tools/sh", "-c", "while ! [ -e /tmp/up ] && [ $((n+=1)) -lt 100 ]; do :; done");
    assertThat(driver().consoleLog(name)).contains("init is up");
  }

  @Test
  void a_preconfigured_network_needs_nobody_inside() {
    assumeThat(real()).as("needs real containers").isTrue();
    ContainerSpec spec = made.spec(Network.PRECONFIGURED);
    driver().create(spec);
    driver().start(spec.name());
    assertThat(run(spec.name(), "/tools/ip", "route").out()).contains("default via");
    String gateway = driver().nameservers().getFirst();
    assertThat(run(spec.name(), "/tools/ping", "-c", "1", "-w", "5", gateway).status()).isZero();
  }

  @Test
  void the_person_owns_the_same_files_on_both_sides() throws IOException {
    assumeThat(real()).as("needs real containers").isTrue();
    Path shared = made.personsDirectory();
    Mount writable = new Mount("home", shared, "/home", false);
    Mount readOnly = new Mount("frozen", shared, "/frozen", true);
    String name = createAndStart(writable, readOnly);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String script = "id -u; id -g; echo x > /home/mine; echo x > /frozen/mine";
    Execution asPerson =
        new Execution(
            name,
            List.of("/tools/sh", "-c", script),
            Map.of("PATH", "/tools"),
            1000,
            100,
            "/home",
            new Streams(null, out, err));
    assertThat(driver().run(asPerson)).isNotZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1000\n100\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("Read-only file system");
    assertThat(Files.getAttribute(shared.resolve("mine"), "unix:uid"))
        .isEqualTo(made.person().uid());
    assertThat(Files.getAttribute(shared.resolve("mine"), "unix:gid"))
        .isEqualTo(made.person().gid());
  }
}
