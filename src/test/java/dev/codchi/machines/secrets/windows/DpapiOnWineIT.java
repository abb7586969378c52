package dev.codchi.machines.secrets.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.DataKey;
import dev.codchi.machines.secrets.keys.ProtectedKeyProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The class that calls Windows, through JNA, with Wine's data protection at the other end; {@code
 * src/test/windows/README.md} says how. Skipped where Wine or a compiler is missing.
 */
@Timeout(240)
class DpapiOnWineIT {
  private static final Path SOURCES =
      Path.of(System.getProperty("codchi.basedir", "."), "src/test/windows");
  private static final List<String> PROGRAMS =
      List.of("gcc", "x86_64-w64-mingw32-gcc", "wine", "env");

  @TempDir static Path work;

  private static Dpapi dpapi;

  @BeforeAll
  static void buildBridge() throws Exception {
    List<String> missing = PROGRAMS.stream().filter(program -> !isThere(program)).toList();
    Assumptions.assumeTrue(
        missing.isEmpty(), () -> "programs are missing: " + String.join(", ", missing));
    run(
        "x86_64-w64-mingw32-gcc",
        "-Werror",
        "-o",
        work.resolve("protect.exe").toString(),
        SOURCES.resolve("protect.c").toString(),
        "-lcrypt32");
    for (String library : List.of("crypt32", "kernel32")) {
      run(
          "gcc",
          "-Werror",
          "-shared",
          "-fPIC",
          "-DPROTECT_EXE=\"" + work.resolve("protect.exe") + "\"",
          "-DPREFIX=\"" + work.resolve("prefix") + "\"",
          "-o",
          work.resolve("lib" + library + ".so").toString(),
          SOURCES.resolve(library + ".c").toString());
    }
    run("wine", "wineboot", "-i");
    System.setProperty("jna.library.path", work.toString());
    dpapi = new Dpapi();
  }

  @AfterAll
  static void endWine() throws Exception {
    if (dpapi != null) {
      run("wine", "wineboot", "-k");
    }
  }

  @Test
  void whatIsSealedIsOpenedForTheSameMachineOnly() {
    ProtectedKeyProvider provider = new ProtectedKeyProvider("dpapi", dpapi);
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      try (DataKey unwrapped = provider.unwrap(wrapped, "web")) {
        assertThat(unwrapped.copy()).isEqualTo(key.copy());
      }
      assertThat(HexFormat.of().formatHex(wrapped))
          .doesNotContain(HexFormat.of().formatHex(key.copy()));
      assertThat(catchThrowableOfType(Failure.class, () -> provider.unwrap(wrapped, "db")).code())
          .isEqualTo(FailureCode.KEY_WRONG);
    }
  }

  @Test
  void noiseIsNotOpened() {
    byte[] bound = "machine".getBytes(StandardCharsets.UTF_8);
    assertThat(dpapi.open(new byte[] {1}, bound)).isEmpty();
    assertThat(
            dpapi.open(
                "this was never sealed by anybody".repeat(9).getBytes(StandardCharsets.UTF_8),
                bound))
        .isEmpty();
    byte[] cut = dpapi.seal(new byte[32], bound);
    assertThat(dpapi.open(java.util.Arrays.copyOf(cut, cut.length / 2), bound)).isEmpty();
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Path said = work.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().putAll(wine());
    Process process = builder.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    assertThat(ended && process.exitValue() == 0)
        .as("%s said:%n%s", String.join(" ", command), Files.readString(said))
        .isTrue();
  }

  private static Map<String, String> wine() {
    return Map.of("WINEPREFIX", work.resolve("prefix").toString(), "WINEDEBUG", "-all");
  }
}
