package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.driver.Container;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.HostIdentity;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The nix daemon in a store's container that runs. */
final class StoreDaemon {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long POLL_MILLIS = 20;
  private static final String PID = "/run/nix-daemon.pid";

  private final Settings settings;
  private final Containers containers;
  private final Executor executor;
  private final String container;
  private final StoreRelease release;

  /**
   * That of a container.
   *
   * @param container the backend's name of it
   * @param release the nix that runs in it
   */
  StoreDaemon(
      Settings settings,
      Containers containers,
      Executor executor,
      String container,
      StoreRelease release) {
    this.settings = settings;
    this.containers = containers;
    this.executor = executor;
    this.container = container;
    this.release = release;
  }

  /**
   * Waits until it answers.
   *
   * @throws Failure {@code STORE_START} when it does not
   */
  void awaitAnswer() {
    await(this::answers);
  }

  /**
   * Starts it anew, so that it reads its files. Only connections that are made from now on notice.
   *
   * @return false when it was started by a codchi whose stores could not do that
   * @throws Failure {@code STORE_START} when it does not come back
   */
  boolean restart() {
    ByteArrayOutputStream old = new ByteArrayOutputStream();
    if (run("read -r old <" + PID + " && echo $old && kill -HUP 1", old) != 0) {
      return false;
    }
    String other = "read -r now <%s; [ \"$now\" != %s ]".formatted(PID, old.toString().strip());
    await(() -> run(other, OutputStream.nullOutputStream()) == 0);
    awaitAnswer();
    return true;
  }

  private int run(String script, OutputStream out) {
    return executor.run(
        new Execution(
            container,
            List.of(release.shell(), "-c", script),
            StoreSystem.rootEnvironment(),
            0,
            0,
            "/",
            new Execution.Streams(null, out, OutputStream.nullOutputStream())));
  }

  /**
   * The daemon answers when its socket does; there is nothing on the host to wait on but the
   * attempt itself.
   */
  private void await(BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      boolean running = containers.find(container).map(Container::running).orElse(false);
      if (!running || System.nanoTime() > deadline) {
        throw Failure.of(FailureCode.STORE_START, "the store does not answer")
            .because(
                running
                    ? "the nix daemon did not open its socket"
                    : "its first process ended: " + logTail());
      }
      try {
        // Nothing tells that a program answers: its socket is there before.
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Failure.of(FailureCode.INTERRUPTED, "starting the store was interrupted").causedBy(e);
      }
    }
  }

  private boolean answers() {
    Execution ping =
        new Execution(
            container,
            List.of(
                release.nix() + "/bin/nix",
                "--extra-experimental-features",
                "nix-command",
                "store",
                "info"),
            StoreSystem.personEnvironment(),
            HostIdentity.INSIDE_UID,
            HostIdentity.INSIDE_GID,
            "/",
            new Execution.Streams(
                null, OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
    try {
      return executor.run(ping) == 0;
    } catch (Failure e) {
      if (e.code() == FailureCode.CONTAINER_NOT_RUNNING) {
        return false;
      }
      throw e;
    }
  }

  private String logTail() {
    return WholeFile.read(settings.directories().logs().resolve("store.log"))
        .map(content -> new String(content, StandardCharsets.UTF_8).strip())
        .map(text -> text.substring(Math.max(0, text.length() - 1000)))
        .filter(text -> !text.isEmpty())
        .orElseGet(() -> containers.consoleLog(container));
  }
}
