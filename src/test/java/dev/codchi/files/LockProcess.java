package dev.codchi.files;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Another process: takes a lock, says so, and holds it until its input ends. */
final class LockProcess {
  private LockProcess() {}

  public static void main(String[] arguments) throws IOException {
    try (ExclusiveLock _ =
        ExclusiveLock.acquire(
            Path.of(arguments[0]), "codchi rebuild web", Duration.ofSeconds(30))) {
      System.out.println("held");
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }

  static Process start(Path lock) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LockProcess.class.getName(),
                    lock.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader().readLine();
    if (!"held".equals(line)) {
      throw new IllegalStateException("the other process said: " + line);
    }
    return process;
  }
}
