package dev.codchi.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Evaluates the NixOS modules of {@code src/main/nix} with a real nix, by {@code
 * src/test/nix/modules/run}; each of its cases is a test here. The nix is {@code CODCHI_NIX}, the
 * one on the search path, or the test bed's. Without a nix that is new enough the tests are skipped
 * with the reason, or fail where {@code CODCHI_E2E=required}.
 */
class NixModulesIT {
  private static final Path SOURCES = Path.of(System.getProperty("codchi.basedir", "."), "src");
  private static final String TEST_BED = SOURCES.resolve("test/e2e/testbed").toString();

  /** The oldest nix that current nixpkgs supports ({@code lib/minver.nix}). */
  private static final int[] OLDEST = {2, 18};

  private static final Pattern VERSION = Pattern.compile("\\(Nix\\) (\\d+)\\.(\\d+)");
  private static final Pattern RESULT = Pattern.compile("(ok|FAILED) +(.+)");
  private static final String DETAIL = " ".repeat(8);

  private static final String NO_NIX =
      "module tests skipped: there is no nix %d.%d or later; install one, name one with CODCHI_NIX, or run 'sudo src/test/e2e/testbed up'"
          .formatted(OLDEST[0], OLDEST[1]);

  private static @Nullable String nix;

  /** What a program said and how it ended. */
  private record Outcome(int status, String said) {}

  /** A case and, when it failed, why. */
  private record Result(String name, boolean passed, List<String> details) {}

  @BeforeAll
  static void findNix() throws IOException, InterruptedException {
    boolean required = "required".equals(System.getenv("CODCHI_E2E"));
    Optional<String> found = newEnough();
    if (found.isEmpty() && required) {
      Outcome up = run(30, Map.of(), TEST_BED, "up");
      assertThat(up.status()).as("testbed up said:%n%s", up.said()).isZero();
      found = newEnough();
    }
    if (found.isEmpty() && required) {
      fail(NO_NIX);
    }
    nix = found.orElse(null);
  }

  @TestFactory
  Stream<DynamicTest> modules() throws IOException, InterruptedException {
    String program = nix;
    if (program == null) {
      System.out.println(NO_NIX); // the build does not show why a test was skipped
      return Stream.of(dynamicTest("modules", () -> Assumptions.abort(NO_NIX)));
    }
    Outcome outcome =
        run(
            15,
            Map.of("CODCHI_NIX", program),
            SOURCES.resolve("test/nix/modules/run").toString(),
            "-v");
    List<Result> results = results(outcome.said());
    assertThat(results).as("cases; it said:%n%s", outcome.said()).isNotEmpty();
    boolean allPassed = results.stream().allMatch(Result::passed);
    assertThat(outcome.status() == 0)
        .as("exit code %d; it said:%n%s", outcome.status(), outcome.said())
        .isEqualTo(allPassed);
    return results.stream()
        .map(result ->
            dynamicTest(
                result.name(),
                () ->
                    assertThat(result.passed()).as(String.join("\n", result.details())).isTrue()));
  }

  private static List<Result> results(String said) {
    List<Result> results = new ArrayList<>();
    for (String line : said.lines().toList()) {
      Matcher result = RESULT.matcher(line);
      if (result.matches()) {
        results.add(new Result(result.group(2), "ok".equals(result.group(1)), new ArrayList<>()));
      } else if (line.startsWith(DETAIL) && !results.isEmpty()) {
        results.getLast().details().add(line.strip());
      }
    }
    return results;
  }

  private static Optional<String> newEnough() throws IOException, InterruptedException {
    String named = System.getenv("CODCHI_NIX");
    if (named != null && !named.isBlank()) {
      return Optional.of(named);
    }
    List<String> candidates = new ArrayList<>();
    for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      candidates.add(Path.of(directory, "nix").toString());
    }
    Outcome path = run(1, Map.of(), TEST_BED, "nix-path");
    if (path.status() == 0) {
      candidates.add(path.said().strip());
    }
    for (String candidate : candidates) {
      if (Files.isExecutable(Path.of(candidate)) && isNewEnough(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static boolean isNewEnough(String program) throws IOException, InterruptedException {
    Matcher version = VERSION.matcher(run(1, Map.of(), program, "--version").said());
    if (!version.find()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    return major > OLDEST[0] || major == OLDEST[0] && minor >= OLDEST[1];
  }

  private static Outcome run(long minutes, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("codchi-nix", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(said.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      return ended
          ? new Outcome(process.exitValue(), text)
          : new Outcome(-1, text + "\n(not ended after " + minutes + " min)");
    } finally {
      Files.deleteIfExists(said);
    }
  }
}
