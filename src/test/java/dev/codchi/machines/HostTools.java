package dev.codchi.machines;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A resting machine whose programs are this computer's, joined by real named pipes. */
public final class HostTools {
  private HostTools() {}

  /** With some programs of this computer. */
  public static RestingMachine in(Path directory, List<String> programs) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("tools/bin"));
    Path pipes = Files.createDirectories(directory.resolve("pipes"));
    Files.createSymbolicLink(bin.resolve("bash"), Path.of("/bin/bash"));
    for (String program : programs) {
      Files.createSymbolicLink(bin.resolve(program), Path.of("/bin", program));
    }
    return new RestingMachine(
        HostTools::start,
        "codchi-web",
        bin.getParent().toString(),
        pipes,
        pipes.toString(),
        HostTools::pipe);
  }

  private static Path pipe(Path directory, String name) {
    Path pipe = directory.resolve(name);
    try {
      if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
        throw new AssertionError("no pipe " + pipe);
      }
      return pipe;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Executor.Running start(Execution execution) {
    ProcessBuilder builder =
        new ProcessBuilder(execution.command())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      return new Executor.Running() {
        @Override
        public void signal(int number) {
          process.destroy();
        }

        @Override
        public int await() {
          return process.onExit().join().exitValue();
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
