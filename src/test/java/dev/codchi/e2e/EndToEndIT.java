package dev.codchi.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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

  /** The only scenarios to run, for example with one of two forms of the program; all if empty. */
  private static final Set<String> ONLY =
      Stream.of(Objects.requireNonNullElse(System.getenv("CODCHI_E2E_ONLY"), "").split(" ", -1))
          .filter(name -> !name.isEmpty())
          .collect(Collectors.toUnmodifiableSet());

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
    List<String> options = List.of();
    List<String> names = names(options);
    assertThat(names).as("scenarios").containsAll(ONLY);
    return tests(options, names.stream().filter(name -> ONLY.isEmpty() || ONLY.contains(name)));
  }

  /** Those in which codchi is called by root; needs a root that runs the tests. */
  @TestFactory
  Stream<DynamicTest> scenarios_as_root() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can call codchi as root");
    Assumptions.assumeTrue(ONLY.isEmpty(), "scenarios were chosen with CODCHI_E2E_ONLY");
    List<String> options = List.of("--as-root");
    return tests(options, names(options).stream());
  }

  private static List<String> names(List<String> options) throws IOException, InterruptedException {
    TestBed.Outcome list = suite(1, options, "-l");
    assertThat(list.status()).as(list.said()).isZero();
    List<String> names = list.said().lines().filter(line -> line.matches("[a-z0-9_]+")).toList();
    assertThat(names).as("scenarios").isNotEmpty();
    return names;
  }

  private static Stream<DynamicTest> tests(List<String> options, Stream<String> names) {
    return names.map(name -> dynamicTest(name.replace('_', ' '), () -> scenario(options, name)));
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
