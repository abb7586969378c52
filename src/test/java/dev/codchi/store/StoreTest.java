package dev.codchi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.config.Settings;
import dev.codchi.config.TestSettings;
import dev.codchi.network.HostProxy;
import dev.codchi.network.HostTrust;
import dev.codchi.network.TestNetwork;
import dev.codchi.progress.NoticedWait;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts of a store whose nix was unpacked already. */
class StoreTest {
  private static final String CANARY = "canary-of-the-proxy";

  @TempDir Path directory;

  private final Map<String, String> environment = new ConcurrentHashMap<>();
  private Settings settings;
  private FakeStoreBackend backend;
  private Store store;
  private Path profiles;
  private Path note;

  @BeforeEach
  void make() throws IOException {
    settings = TestSettings.in(directory);
    Path nix = Files.createDirectories(settings.directories().nix());
    Files.writeString(nix.resolve(".release"), "{\"nix\":\"/nix/store/n\",\"shell\":\"/bin/sh\"}");
    profiles = nix.resolve("var/nix/profiles/per-machine");
    note = settings.directories().data().resolve("store/started");
    backend = new FakeStoreBackend(settings.directories());
    store = another();
  }

  /** The store as a further codchi has it. */
  private Store another() {
    HostTrust trust = TestNetwork.trust(settings);
    HostProxy proxy = TestNetwork.proxy(environment);
    return new Store(
        settings,
        backend,
        backend,
        backend,
        trust,
        proxy,
        new StoreNetwork(settings, backend, trust, proxy));
  }

  private void ensureRunning() {
    store.ensureRunning(Progress.SILENT);
  }

  private void killedBefore(String call) {
    backend.killBefore(call);
    assertThatThrownBy(this::ensureRunning).isInstanceOf(FakeStoreBackend.Killed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "start", "ping", "mkdir"})
  void a_start_that_was_interrupted_is_finished_by_the_next_codchi(String point) {
    killedBefore(point);
    assertThat(profiles).doesNotExist();
    backend.slow(2);
    ensureRunning();
    assertThat(profiles).isDirectory();
    assertThat(backend.calls()).contains("ping", "mkdir");
  }

  @Test
  void a_store_that_was_started_to_the_end_costs_one_call() {
    ensureRunning();
    backend.calls();
    ensureRunning();
    assertThat(backend.calls()).containsExactly("find");
    assertThat(backend.daemons()).isEqualTo(1);
  }

  @Test
  void a_second_codchi_waits_until_the_first_has_seen_the_daemon_answer() throws Exception {
    List<String> events = new ArrayList<>();
    CountDownLatch second = new CountDownLatch(1);
    AtomicReference<Thread> other = new AtomicReference<>();
    backend.atPing(() -> {
      if (other.get() == null) {
        Store theirs = another();
        Progress waiting = new NoticedWait(second);
        other.set(
            Thread.ofPlatform()
                .start(() -> {
                  theirs.ensureRunning(waiting);
                  events.add("second");
                }));
        await(second);
        events.add("daemon answers");
      }
    });
    ensureRunning();
    other.get().join();
    assertThat(events).containsExactly("daemon answers", "second");
    assertThat(backend.calls()).containsOnlyOnce("start", "mkdir");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_store_that_the_backend_started_after_a_boot_is_waited_for() throws IOException {
    ensureRunning();
    Files.writeString(note, "an earlier boot");
    backend.boot();
    backend.slow(3);
    backend.calls();
    ensureRunning();
    assertThat(backend.calls()).contains("ping").doesNotContain("hup");
    ensureRunning();
    assertThat(backend.calls()).containsExactly("find");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "hup", "pid"})
  void other_proxies_reach_the_daemon_although_codchi_was_killed_over_it(String point) {
    ensureRunning();
    environment.put("http_proxy", "http://me:" + CANARY + "@proxy.test:1");
    killedBefore(point);
    ensureRunning();
    assertThat(backend.daemonHas()).contains(CANARY);
    backend.calls();
    ensureRunning();
    assertThat(backend.calls()).containsExactly("find");
  }

  @Test
  void other_proxies_reach_the_daemon_by_whoever_follows_the_host() {
    ensureRunning();
    environment.put("http_proxy", "http://proxy.test:1");
    store.followHost(Progress.SILENT);
    assertThat(backend.daemonHas()).contains("proxy.test");
    environment.clear();
    store.followHost(Progress.SILENT);
    assertThat(backend.daemonHas()).doesNotContain("proxy.test");
  }

  @Test
  void following_the_host_starts_nothing() {
    ensureRunning();
    store.stop();
    environment.put("http_proxy", "http://proxy.test:1");
    backend.calls();
    store.followHost(Progress.SILENT);
    assertThat(backend.calls()).containsExactly("find");
  }

  @Test
  void the_note_of_a_start_tells_nothing_of_a_proxy() throws IOException {
    environment.put("http_proxy", "http://me:" + CANARY + "@proxy.test:1");
    ensureRunning();
    byte[] before = Files.readAllBytes(note);
    assertThat(Files.getPosixFilePermissions(note))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    environment.put("http_proxy", "http://me:another@proxy.test:1");
    ensureRunning();
    assertThat(Files.readAllBytes(note)).isEqualTo(before);
    assertThat(new String(before, StandardCharsets.UTF_8)).doesNotContain(CANARY);
  }
}
