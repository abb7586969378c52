package dev.codchi.machines.secrets;

import dev.codchi.config.Directories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Another codchi that makes a new wrapping key, and is killed after a number of steps. */
final class RekeyingProcess {
  static final int KILLED = 137;

  private RekeyingProcess() {}

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    int last = Integer.parseInt(arguments[1]);
    int[] steps = {0};
    SettingProcess.vaults(directory)
        .rekey(
            directories(directory),
            Optional.empty(),
            step -> {
              if (++steps[0] == last) {
                Runtime.getRuntime().halt(KILLED);
              }
            });
  }

  static Directories directories(Path directory) {
    return new Directories(directory.resolve("config"), directory.resolve("data"));
  }

  static Process start(Path directory, int last) throws java.io.IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RekeyingProcess.class.getName(),
                directory.toString(),
                Integer.toString(last)))
        .inheritIO()
        .start();
  }
}
