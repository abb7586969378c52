package dev.codchi.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Brings the test bed up once, before the first integration test: a real LXD and Incus, a nix, an
 * offline mirror. That takes root on Debian or Ubuntu; elsewhere the tests use what they find and
 * are skipped, with their reason, where they find nothing. {@code CODCHI_E2E=required} turns that
 * into a failure.
 */
public final class TestBed implements LauncherSessionListener {
  private static final Path SUITE =
      Path.of(System.getProperty("codchi.basedir", "."), "src/test/e2e");
  private static final long UP_MINUTES = 30;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    // Failsafe sets this; unit tests need no test bed.
    if (System.getProperty("codchi.program") == null) {
      return;
    }
    boolean possible =
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/etc/debian_version"));
    if (!possible && !required()) {
      System.err.println(
          "end-to-end tests: bringing up LXD takes root on Debian or Ubuntu; 'sudo ./mvnw verify' runs all of them");
      return;
    }
    for (List<String> command : List.of(List.of("up"), List.of("incus", "up"))) {
      up(command);
    }
  }

  private static void up(List<String> arguments) {
    List<String> command = new java.util.ArrayList<>(List.of(SUITE.resolve("testbed").toString()));
    command.addAll(arguments);
    try {
      Outcome outcome = run(UP_MINUTES, command);
      if (outcome.status() != 0) {
        String what = String.join(" ", command) + " failed:\n" + outcome.said();
        if (required()) {
          throw new IllegalStateException(what);
        }
        System.err.println("end-to-end tests: " + what);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Whether a test that cannot run counts as failed. */
  static boolean required() {
    return "required".equals(System.getenv("CODCHI_E2E"));
  }

  /** What a script said and how it ended. */
  record Outcome(int status, String said) {}

  /** Runs a script without input; ends it when it takes too long. */
  static Outcome run(long minutes, List<String> command, String... environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    for (int i = 0; i + 1 < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    Path said = Files.createTempFile("codchi-e2e", ".log");
    try {
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(said.toFile())
              .start();
      boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly();
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      return new Outcome(
          ended ? process.exitValue() : -1,
          ended ? text : text + "\n(not ended after " + minutes + " min)");
    } finally {
      Files.deleteIfExists(said);
    }
  }
}
