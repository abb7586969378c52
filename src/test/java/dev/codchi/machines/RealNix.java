package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The nix of this computer, for tests that compare with its own parsers. */
final class RealNix {
  private final Path program;

  private RealNix(Path program) {
    this.program = program;
  }

  /**
   * From {@code CODCHI_TEST_NIX}, else from the test bed, else from the PATH; the first that knows
   * {@code builtins.parseFlakeRef}, which came with nix 2.19.
   */
  static Optional<RealNix> find() {
    List<Path> candidates = new ArrayList<>();
    Optional.ofNullable(System.getenv("CODCHI_TEST_NIX")).map(Path::of).ifPresent(candidates::add);
    candidates.add(Path.of("/var/cache/codchi-testbed/bin/nix"));
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      candidates.add(Path.of(directory, "nix"));
    }
    return candidates.stream()
        .filter(Files::isExecutable)
        .map(RealNix::new)
        .filter(RealNix::parsesReferences)
        .findFirst();
  }

  private boolean parsesReferences() {
    try {
      String expression = "builtins ? parseFlakeRef";
      return run(Path.of("/"), List.of("eval", "--store", "dummy://", "--expr", expression))
          .strip()
          .equals("true");
    } catch (IOException | InterruptedException notThisOne) {
      throw new AssertionError(notThisOne);
    }
  }

  /** Standard output of {@code nix ARGUMENTS}, which has to succeed; no network, no store. */
  String run(Path workingDirectory, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("--extra-experimental-features", "nix-command flakes"));
    command.addAll(arguments);
    Path errors = Files.createTempFile("codchi-nix", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(workingDirectory.toFile())
              .redirectError(errors.toFile())
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      assertThat(status).as("nix %s: %s", arguments.getFirst(), Files.readString(errors)).isZero();
      return output;
    } finally {
      Files.delete(errors);
    }
  }
}
