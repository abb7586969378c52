package dev.codchi.store;

import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Garbage collector roots that nix cannot find by itself, because what uses the store does not run
 * in the store's container.
 */
@ApplicationScoped
public class StoreRoots {
  /**
   * A root as nix sees it.
   *
   * @param link what keeps the path: a link, or nix's name for a process
   * @param path the store path that is kept
   */
  public record Root(String link, String path) {}

  /** Where the roots of running machines are: one directory a machine. */
  public static final String RUNNING = "/nix/var/nix/gcroots/codchi-running";

  private static final String TOOLS = Store.TOOLS_PROFILE + "/bin";

  /** Reads lines {@code MACHINE PATH} and makes links of them, all at once. */
  private static final String WRITE_RUNNING =
      """
      set -euo pipefail
      new=%1$s.new
      rm -rf "$new"
      mkdir -p "$new"
      count=0
      while read -r machine path; do
        mkdir -p "$new/$machine"
        ln -s "$path" "$new/$machine/$count"
        count=$((count + 1))
      done
      rm -rf %1$s
      mv -T "$new" %1$s
      """
          .formatted(RUNNING);

  private static final String ARROW = " -> ";

  private final Store store;
  private final Executor executor;

  StoreRoots(Store store, Executor executor) {
    this.store = store;
    this.executor = executor;
  }

  /**
   * Makes roots of the links that nix made in machines' homes, and of what running machines use.
   * The store must run, with its tools. Idempotent; replaces what an earlier call made.
   *
   * @param running the store paths in use, by the machine's name
   * @throws Failure {@code STORE_COLLECT}; then nothing may be collected
   */
  public void refresh(Map<String, Set<String>> running) {
    run(List.of(TOOLS + "/codchi-store-roots"), "");
    StringBuilder lines = new StringBuilder();
    running.forEach((machine, paths) ->
        paths.forEach(path -> lines.append(machine).append(' ').append(path).append('\n')));
    run(List.of(TOOLS + "/bash", "-c", WRITE_RUNNING), lines.toString());
  }

  /** Everything that nix will keep, with what keeps it. */
  public List<Root> all() {
    List<Root> roots = new ArrayList<>();
    String nixStore = Store.NIX + "-store";
    for (String line : run(List.of(nixStore, "--gc", "--print-roots"), "").split("\n", -1)) {
      int arrow = line.lastIndexOf(ARROW);
      if (arrow > 0) {
        roots.add(
            new Root(line.substring(0, arrow), line.substring(arrow + ARROW.length()).strip()));
      }
    }
    return roots;
  }

  private String run(List<String> command, String input) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        executor.run(
            new Execution(
                store.containerName(),
                command,
                StoreSystem.rootEnvironment(),
                0,
                0,
                "/",
                new Execution.Streams(
                    new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err)));
    if (status != 0) {
      throw Failure.of(FailureCode.STORE_COLLECT, "cannot find out what is in use in the store")
          .because(
              command.getFirst()
                  + " ended with "
                  + status
                  + ": "
                  + err.toString(StandardCharsets.UTF_8).strip());
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
