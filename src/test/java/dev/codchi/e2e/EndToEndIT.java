package dev.codchi.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the scenarios of {@code src/test/e2e/scenarios}, one test each: the packaged program, as an
 * ordinary user, against a real container daemon, a real nix daemon and real systemd.
 */
class EndToEndIT {
  private static final Path SUITE =
      Path.of(System.getProperty("codchi.basedir", "."), "src/test/e2e");
  private static final String PROGRAM =
      Path.of(System.getProperty("codchi.program", "target/codchi")).toAbsolutePath().toString();

  /** Scenarios to leave out, for example in the first of two runs with two forms of the program. */
  private static final List<String> EXCEPT =
      List.of(Objects.requireNonNullElse(System.getenv("CODCHI_E2E_EXCEPT"), "").split(" ", -1));

  private static final long SCENARIO_MINUTES = 15;

  @BeforeAll
  static void needsTheTestBed() throws IOException, InterruptedException {
    TestBed.Outcome environment =
        TestBed.run(1, List.of(SUITE.resolve("testbed").toString(), "env"));
    if (environment.status() != 0 && !TestBed.required()) {
      Assumptions.abort(
          "end-to-end tests skipped, the test bed is not up: " + environment.said().strip());
    }
    assertThat(environment.status()).as(environment.said()).isZero();
  }

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException, InterruptedException {
    return scenarios(List.of());
  }

  /** Those in which codchi is called by root; needs a root that runs the tests. */
  @TestFactory
  Stream<DynamicTest> scenarios_as_root() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can call codchi as root");
    return scenarios(List.of("--as-root"));
  }

  private static Stream<DynamicTest> scenarios(List<String> options)
      throws IOException, InterruptedException {
    TestBed.Outcome list = suite(1, options, "-l");
    assertThat(list.status()).as(list.said()).isZero();
    List<String> names =
        list.said()
            .lines()
            .filter(line -> line.matches("[a-z0-9_]+"))
            .filter(name -> !EXCEPT.contains(name))
            .toList();
    assertThat(names).as("scenarios").isNotEmpty();
    return names.stream()
        .map(name -> dynamicTest(name.replace('_', ' '), () -> scenario(options, name)));
  }

  private static void scenario(List<String> options, String name)
      throws IOException, InterruptedException {
    TestBed.Outcome outcome = suite(SCENARIO_MINUTES, options, name);
    assertThat(outcome.status()).as("%s said:%n%s", name, outcome.said()).isZero();
  }

  private static TestBed.Outcome suite(long minutes, List<String> options, String argument)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SUITE.resolve("run").toString()));
    command.addAll(options);
    command.add(argument);
    return TestBed.run(minutes, command, "CODCHI", PROGRAM);
  }
}
