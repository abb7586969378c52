package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.codchi.config.LxdSettings;
import dev.codchi.driver.Container;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.ContainerSpec.Network;
import dev.codchi.driver.Execution;
import dev.codchi.driver.lxd.fake.FakeLxd;
import dev.codchi.driver.lxd.fake.HeldWork;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people are told when the daemon is missing, ill or set up differently. */
@Timeout(120)
class LxdFailuresTest {
  @TempDir Path directory;
  private FakeLxd daemon;
  private TestContainers containers;
  private LxdDriver driver;

  @BeforeEach
  void start() throws IOException {
    daemon = new FakeLxd(directory);
    containers = new TestContainers("lxddev-");
    driver = driver(Optional.empty(), Optional.empty(), anyIds());
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
    containers.removeFiles();
  }

  private LxdDriver driver(Optional<String> pool, Optional<String> network, SubordinateIds ids) {
    return new LxdDriver(
        new LxdSettings(Optional.of(daemon.socket()), pool, network), Map.of(), ids);
  }

  /** A host where no lines are needed. */
  private SubordinateIds anyIds() {
    Path nothing = directory.resolve("nothing");
    return new SubordinateIds(nothing, nothing, nothing);
  }

  private static Failure failureOf(Runnable call) {
    try {
      call.run();
    } catch (Failure failure) {
      return failure;
    }
    throw new AssertionError("a failure was expected");
  }

  private String created() {
    ContainerSpec spec = containers.spec(Network.DYNAMIC);
    driver.create(spec);
    return spec.name();
  }

  @Test
  void the_three_reasons_why_a_daemon_cannot_be_reached_are_told_apart() throws IOException {
    daemon.kill();
    Failure refused = failureOf(() -> driver.list(""));
    assertThat(refused.code()).isEqualTo(FailureCode.LXD_NOT_RUNNING);
    assertThat(refused.what()).contains(daemon.socket().toString());

    Files.delete(daemon.socket());
    Failure missing = failureOf(() -> driver.list(""));
    assertThat(missing.code()).isEqualTo(FailureCode.LXD_SOCKET_MISSING);
    assertThat(missing.why()).contains("lxd.socket");

    Failure forbidden =
        Unreachable.explain(
            directory,
            new LxdSocket(List.of(directory), null),
            new SocketException("Permission denied"));
    assertThat(forbidden.code()).isEqualTo(FailureCode.LXD_PERMISSION);
    assertThat(forbidden.why()).contains("group");
  }

  @Test
  void without_any_daemon_all_usual_places_are_named() {
    LxdSocket usual = LxdSocket.locate(Optional.empty(), Map.of());
    Failure nothing =
        Unreachable.explain(
            usual.candidates().getFirst(), usual, new SocketException("No such file or directory"));
    assertThat(nothing.code()).isEqualTo(FailureCode.LXD_SOCKET_MISSING);
    usual.candidates().forEach(each -> assertThat(nothing.why()).contains(each.toString()));
  }

  @Test
  void an_old_or_distrusting_daemon_is_refused() {
    ArrayNode extensions = (ArrayNode) daemon.server().path("api_extensions");
    extensions.remove(0);
    Failure old = failureOf(() -> driver.features());
    assertThat(old.code()).isEqualTo(FailureCode.LXD_TOO_OLD);
    assertThat(old.why()).contains("instances");
    daemon.server().put("auth", "untrusted");
    assertThat(failureOf(() -> driver.features()).code()).isEqualTo(FailureCode.LXD_UNTRUSTED);
  }

  @Test
  void a_daemon_without_pool_or_bridge_is_explained() {
    daemon.networks().clear();
    Failure network = failureOf(this::created);
    assertThat(network.code()).isEqualTo(FailureCode.LXD_NO_NETWORK);
    daemon.pools().clear();
    assertThat(failureOf(this::created).code()).isEqualTo(FailureCode.LXD_NO_POOL);
    daemon.pools().addAll(List.of("fast", "slow"));
    Failure several = failureOf(this::created);
    assertThat(several.code()).isEqualTo(FailureCode.LXD_NO_POOL);
    assertThat(several.why()).contains("fast", "slow");
    assertThat(several.nextStep()).contains("lxd.pool");
  }

  @Test
  void settings_that_name_what_is_not_there_are_explained() {
    ContainerSpec spec = containers.spec(Network.DYNAMIC);
    Failure pool =
        failureOf(() -> driver(Optional.of("p"), Optional.empty(), anyIds()).create(spec));
    assertThat(pool.code()).isEqualTo(FailureCode.LXD_NO_POOL);
    assertThat(pool.what()).contains(" p");
    Failure network =
        failureOf(() -> driver(Optional.empty(), Optional.of("n"), anyIds()).create(spec));
    assertThat(network.code()).isEqualTo(FailureCode.LXD_NO_NETWORK);
    assertThat(network.why()).contains("lxdbr0");
  }

  @Test
  void a_busy_instance_is_asked_again() {
    String name = created();
    String busy = "Instance is busy running a \"stop\" operation";
    daemon.faults().failOperation("PUT", "/1.0/instances/" + name + "/state", busy);
    daemon.faults().refuse("PUT", "/1.0/instances/" + name + "/state", 400, busy);
    driver.start(name);
    assertThat(driver.find(name)).get().matches(found -> found.running());
  }

  @Test
  void an_instance_that_stays_busy_is_reported_as_such() {
    Retry retry = new Retry(Duration.ofMillis(1), Duration.ofMillis(20));
    Failure busy =
        failureOf(() -> {
          try {
            retry.whileBusy(() -> {
              throw new LxdError(400, "Instance is busy running a \"start\" operation");
            });
          } catch (LxdError error) {
            throw error.failure("starting");
          }
        });
    assertThat(busy.code()).isEqualTo(FailureCode.CONTAINER_BUSY);
  }

  @Test
  void a_daemon_that_dies_in_the_middle_is_reported_and_used_again_after_its_restart()
      throws IOException {
    String name = created();
    daemon.faults().lose("PUT", "/1.0/instances/" + name + "/state");
    assertThat(failureOf(() -> driver.start(name)).code())
        .isEqualTo(FailureCode.LXD_CONNECTION_LOST);
    daemon.faults().lose("GET", "/1.0/operations/");
    assertThat(failureOf(() -> driver.start(name)).code())
        .isEqualTo(FailureCode.LXD_CONNECTION_LOST);
    driver.list("");
    daemon.restart(); // the kept connection is dead now
    assertThat(driver.find(name)).isPresent();
  }

  @Test
  void a_container_that_is_still_being_frozen_for_somebody_who_is_gone_is_thawed()
      throws IOException {
    String name = created();
    driver.start(name);
    HeldWork held = daemon.hold();
    // All of them wait at the same time, for which the common pool may be too small.
    Executor threads = task -> Thread.ofPlatform().daemon().start(task);
    var freezing = CompletableFuture.runAsync(() -> driver.freeze(name), threads);
    held.awaitPromise();
    var thawing = CompletableFuture.runAsync(() -> driver.thaw(name), threads);
    // Released when it waits, or did not.
    CompletableFuture.anyOf(thawing, CompletableFuture.runAsync(held::awaitWait, threads)).join();
    held.release();
    CompletableFuture.allOf(freezing, thawing).join();
    assertThat(driver.find(name)).get().matches(Container::running);
  }

  @Test
  void a_daemon_that_dies_while_a_program_runs_is_reported() throws IOException {
    String name = created();
    driver.start(name);
    Execution.Streams streams =
        new Execution.Streams(
            null, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    var running =
        driver.start(
            new Execution(
                name,
                List.of("/tools/sleep", "100"),
                Map.of("PATH", "/tools"),
                0,
                0,
                null,
                streams));
    daemon.restart();
    assertThat(failureOf(running::await).code()).isEqualTo(FailureCode.LXD_CONNECTION_LOST);
  }

  @Test
  void a_full_disk_is_named() {
    daemon
        .faults()
        .failOperation("POST", "/1.0/instances", "write /var/lib/x: no space left on device");
    Failure full = failureOf(this::created);
    assertThat(full.code()).isEqualTo(FailureCode.DISK_FULL);
    assertThat(full.why()).contains("no space left");
  }

  @Test
  void other_refusals_carry_the_daemons_words() {
    daemon.faults().refuse("GET", "/1.0/storage-pools", 500, "the database is on fire");
    Failure failure = failureOf(this::created);
    assertThat(failure.code()).isEqualTo(FailureCode.LXD_API);
    assertThat(failure.why()).contains("the database is on fire");
  }

  @Test
  void a_failed_start_shows_liblxcs_own_log() {
    String name = created();
    daemon.log(
        name,
        """
        lxc c 20261120 WARN start - ../start.c:f:1 - harmless
        lxc c 20261120 ERROR conf - ../conf.c:mount_entry:2 - Failed to mount /a on /b
        """);
    daemon
        .faults()
        .failOperation("PUT", "/1.0/instances/" + name, "Failed to run: forkstart: exit status 1");
    Failure failure = failureOf(() -> driver.start(name));
    assertThat(failure.code()).isEqualTo(FailureCode.CONTAINER_START);
    assertThat(failure.why()).contains("Failed to mount /a on /b").doesNotContain("harmless");
  }

  @Test
  void missing_id_lines_are_named_before_the_start() throws IOException {
    String name = created();
    Path uids = Files.writeString(directory.resolve("subuid"), "lxd:1:9\nroot:100000:65536\nx\n");
    Path gids = directory.resolve("subgid");
    SubordinateIds ids = new SubordinateIds(uids, gids, uids);
    LxdDriver strict = driver(Optional.empty(), Optional.empty(), ids);
    int uid = containers.person().uid();
    int gid = containers.person().gid();
    Failure failure = failureOf(() -> strict.start(name));
    assertThat(failure.code()).isEqualTo(FailureCode.LXD_SUBIDS);
    assertThat(failure.why())
        .contains(uids + ": root:" + uid + ":1")
        .contains(gids + ": root:" + gid + ":1");
    assertThat(failure.nextStep()).contains("echo root:" + uid + ":1 >> " + uids);
    assertThat(daemon.requests()).noneMatch(request -> request.endsWith("/state"));

    Files.writeString(uids, "0:" + (uid - 5) + ":6\n");
    Files.writeString(gids, "root:" + gid + ":1\n");
    strict.start(name);
  }

  @Test
  void missing_id_lines_are_recognised_in_the_log_of_a_failed_start() {
    String name = created();
    daemon.log(
        name,
        "lxc c 20261120 ERROR conf - ../conf.c:lxc_map_ids:3 - newuidmap failed to write mapping"
            + " \"newuidmap: uid range [0-1) -> [1000-1001) not allowed\": newuidmap 1 0 1000 1\n");
    daemon
        .faults()
        .failOperation("PUT", "/1.0/instances/" + name, "Failed to run: forkstart: exit status 1");
    Failure failure = failureOf(() -> driver.start(name));
    assertThat(failure.code()).isEqualTo(FailureCode.LXD_SUBIDS);
    assertThat(failure.nextStep()).contains("root:" + containers.person().uid() + ":1");
  }

  @Test
  void listing_any_number_of_containers_is_one_request() {
    created();
    created();
    int before = daemon.requests().size();
    assertThat(driver.list("lxddev-")).hasSize(2);
    assertThat(daemon.requests()).hasSize(before + 1);
  }

  @Test
  void a_program_costs_one_request_one_wait_and_its_sockets() {
    String name = created();
    driver.start(name);
    int before = daemon.requests().size();
    Execution.Streams streams =
        new Execution.Streams(
            null, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    int status =
        driver.run(
            new Execution(
                name, List.of("/tools/true"), Map.of("PATH", "/tools"), 0, 0, null, streams));
    assertThat(status).isZero();
    List<String> made = daemon.requests().subList(before, daemon.requests().size());
    assertThat(made).hasSize(6).first().isEqualTo("POST /1.0/instances/" + name + "/exec");
  }

  @Test
  void an_instance_gets_no_profile_and_an_address_of_its_own() {
    ContainerSpec spec = containers.spec(Network.PRECONFIGURED);
    driver.create(spec);
    var instance = daemon.instance(spec.name());
    assertThat(instance.path("profiles")).isEmpty();
    assertThat(instance.path("config").path("raw.idmap").asText())
        .isEqualTo("uid " + spec.person().uid() + " 1000\ngid " + spec.person().gid() + " 100");
    assertThat(instance.path("config").path("security.idmap.isolated").asText()).isEqualTo("true");
    assertThat(instance.path("config").path("raw.lxc").asText())
        .isEqualTo("lxc.net.0.ipv4.address = 10.87.0.254/24\nlxc.net.0.ipv4.gateway = 10.87.0.1");
    assertThat(instance.path("devices").path("eth0").path("ipv4.address").asText())
        .isEqualTo("10.87.0.254");
    assertThat(instance.path("devices").path("tools").path("readonly").asText()).isEqualTo("true");
    ContainerSpec second = containers.spec(Network.PRECONFIGURED);
    driver.create(second);
    assertThat(daemon.instance(second.name()).path("config").path("raw.lxc").asText())
        .contains("10.87.0.253/24");
    assertThat(driver.nameservers()).containsExactly("10.87.0.1");
  }
}
