package dev.codchi.machines;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which parts of the store running machines use: programs may come from a generation that is not
 * kept any more, and the collector in the store's container sees no process of a machine.
 */
@ApplicationScoped
class RunningPrograms {
  private static final Pattern STORE_PATH =
      Pattern.compile("/nix/store/[0-9a-z]{32}-[0-9A-Za-z+._?=-]+");

  /** What nix's own collector looks at, for every process of the machine. */
  private static final String LOOK =
      "for p in /proc/[0-9]*; do readlink $p/exe $p/cwd $p/fd/*; cat $p/maps $p/environ; done;"
          + " readlink /run/booted-system /run/current-system; exit 0";

  private final Executor executor;

  RunningPrograms(Executor executor) {
    this.executor = executor;
  }

  /**
   * Store paths that are in use in a running machine.
   *
   * @param name the backend's name of the machine
   * @throws Failure {@code STORE_COLLECT} when it cannot be looked at
   */
  Set<String> look(String name) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    String programs = MachineContainer.SYSTEM + "/sw/bin";
    int status =
        executor.run(
            new Execution(
                name,
                List.of(programs + "/bash", "-c", LOOK),
                Map.of("PATH", programs),
                0,
                0,
                "/",
                new Execution.Streams(null, said, OutputStream.nullOutputStream())));
    Set<String> found = paths(said.toString(StandardCharsets.ISO_8859_1));
    if (status != 0 || found.isEmpty()) {
      throw Failure.of(
              FailureCode.STORE_COLLECT, "cannot find out what the machine " + name + " uses")
          .because("looking at its processes ended with " + status)
          .next("Stop the machine, then run the command again.");
    }
    return found;
  }

  /** The store paths in a text. */
  static Set<String> paths(String text) {
    Set<String> paths = new TreeSet<>();
    Matcher matcher = STORE_PATH.matcher(text);
    while (matcher.find()) {
      paths.add(matcher.group());
    }
    return paths;
  }
}
