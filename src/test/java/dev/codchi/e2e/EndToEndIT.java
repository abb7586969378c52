package dev.codchi.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the scenarios of {@code src/test/e2e/scenarios}, one test each: the packaged program, as an
 * ordinary user, against a real container daemon, a real nix daemon and real systemd. Brings the
 * test bed up where it can; says why where it cannot.
 */
class EndToEndIT {
  private static final Path SUITE =
      Path.of(System.getProperty("codchi.basedir", "."), "src/test/e2e");
  private static final String PROGRAM = System.getProperty("codchi.program", "target/codchi");
  private static final long UP_MINUTES = 30;
  private static final long SCENARIO_MINUTES = 15;

  /** What a script said and how it ended. */
  private record Outcome(int status, String said) {}

  @BeforeAll
  static void bringTheTestBedUp() throws IOException, InterruptedException {
    boolean required = "required".equals(System.getenv("CODCHI_E2E"));
    boolean possible =
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/etc/debian_version"));
    if (!possible && !required) {
      Assumptions.abort(
          "end-to-end tests skipped: bringing up LXD takes root on Debian or Ubuntu; run 'sudo ./mvnw verify' to have them");
    }
    Outcome up = run(UP_MINUTES, SUITE.resolve("testbed").toString(), "up");
    if (up.status() != 0 && !required) {
      Assumptions.abort("end-to-end tests skipped: 'src/test/e2e/testbed up' failed: " + up.said());
    }
    assertThat(up.status()).as("testbed up said:%n%s", up.said()).isZero();
  }

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException, InterruptedException {
    Outcome list = run(1, SUITE.resolve("run").toString(), "-l");
    assertThat(list.status()).as(list.said()).isZero();
    List<String> names = list.said().lines().filter(line -> line.matches("[a-z0-9_]+")).toList();
    assertThat(names).as("scenarios").isNotEmpty();
    return names.stream().map(name -> dynamicTest(name.replace('_', ' '), () -> scenario(name)));
  }

  private static void scenario(String name) throws IOException, InterruptedException {
    Outcome outcome = run(SCENARIO_MINUTES, SUITE.resolve("run").toString(), name);
    assertThat(outcome.status()).as("%s said:%n%s", name, outcome.said()).isZero();
  }

  private static Outcome run(long minutes, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().putAll(Map.of("CODCHI", Path.of(PROGRAM).toAbsolutePath().toString()));
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
