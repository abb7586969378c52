package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Garbage collector roots that nix cannot find by itself, because what uses the store does not run
 * in the store's container, and links are in directories that it does not see.
 *
 * <p>A link is registered with the daemon under its path in the machine, and nix forgets a
 * registered link that it cannot see as soon as anybody looks for roots. So the daemon's directory
 * of registered links is kept where nix writes to it but never looks into it (a link takes its
 * place, which nix does not follow), and before a collection codchi finds out itself which of them
 * are there, in which machine. Only codchi collects: the directory of the collector's socket is
 * read-only under the path that the daemon uses, so a collection that a machine asks for fails at
 * once instead of removing what others need.
 */
@ApplicationScoped
public class StoreRoots {
  /**
   * A root as nix sees it.
   *
   * @param owner what keeps the path: a link, nix's name for a process, or a use's own words
   * @param path the store path that is kept
   */
  public record Root(String owner, String path) {}

  /**
   * Something outside of the store's container that needs a store path.
   *
   * @param machine the machine's name
   * @param owner who, in people's words
   * @param path what it needs, for example {@code /nix/store/HASH-NAME/bin/program}
   */
  public record Use(String machine, String owner, String path) {
    /**
     * Refuses what would not stay one line for the script that makes roots.
     *
     * @throws Failure {@code STORE_COLLECT}
     */
    public Use {
      if ((machine + path).chars().anyMatch(Character::isISOControl)) {
        throw Failure.of(FailureCode.STORE_COLLECT, "cannot keep what " + machine + " uses")
            .because("there is a control character in its path");
      }
    }
  }

  /**
   * A link that a program asked nix to take for a root, and that the store cannot see.
   *
   * @param path where it is in the machine; not known in which machine
   * @param entry nix's note of it
   * @param version changes when the note is written again
   */
  public record Registered(String path, String entry, String version) {}

  /** Changes when what {@link #protect} does changes, so that stores that are there get it. */
  static final String PROTECTION = "roots 1";

  /** What the collector's state is called where codchi may write to all of it. */
  static final String WRITABLE_STATE = "/data/nix/var/nix";

  private static final String STATE = "/nix/var/nix";
  private static final String COLLECTOR_SOCKET = STATE + "/gc-socket";

  /** Where roots of what machines use are: a directory for each machine, with numbered links. */
  public static final String USES = STATE + "/gcroots/codchi-machines";

  private static final String TOOLS = Store.TOOLS_PROFILE + "/bin";

  private static final String PROTECT =
      """
      set -euo pipefail
      cd %s
      mkdir -p gc-socket gcroots codchi-registered
      # LXD removes a directory that is empty before it mounts something there, and this one is its own source.
      [ -e gc-socket/only-codchi-collects ] || : >gc-socket/only-codchi-collects
      if [ ! -L gcroots/auto ]; then
        if [ -e gcroots/auto ]; then
          mv -T gcroots/auto gcroots/auto.before
        fi
        ln -sT ../codchi-registered gcroots/auto
      fi
      if [ -e gcroots/auto.before ]; then
        cp -P --no-clobber --target-directory codchi-registered gcroots/auto.before/* 2>/dev/null || [ -z "$(ls gcroots/auto.before)" ]
        rm -rf gcroots/auto.before
      fi
      """
          .formatted(STATE);

  /** Prints what {@link Registered} says, each value ended by a zero byte. */
  private static final String LIST =
      """
      set -euo pipefail
      cd %s/codchi-registered
      for entry in *; do
        # Links of the store itself, of builds for example, are taken as they are by the script that writes roots.
        if [ -L "$entry" ] && ! [ -L "$(readlink "$entry")" ]; then
          printf '%%s\\0%%s\\0%%s\\0' "$(readlink "$entry")" "$entry" "$(stat -c %%i.%%Z "$entry")"
        fi
      done
      """
          .formatted(STATE);

  /** Reads lines {@code MACHINE PATH}, and makes roots of them named by their numbers. */
  private static final String WRITE =
      """
      set -euo pipefail
      cd %1$s
      rm -rf %2$s.new
      mkdir -p %2$s.new
      count=0
      while read -r machine path; do
        mkdir -p "%2$s.new/$machine"
        ln -s "$path" "%2$s.new/$machine/$count"
        count=$((count + 1))
      done
      for entry in codchi-registered/*; do
        if [ -L "$entry" ] && [ -L "$(readlink "$entry")" ]; then
          cp -P "$entry" %2$s.new/
        fi
      done
      rm -rf %2$s
      mv -T %2$s.new %2$s
      """
          .formatted(STATE, USES);

  /** Reads entries and their versions, and forgets those that are still the same. */
  private static final String FORGET =
      """
      set -euo pipefail
      cd %s/codchi-registered
      while read -r entry version; do
        if [ "$(stat -c %%i.%%Z "$entry" 2>/dev/null)" = "$version" ]; then
          rm -f "$entry"
        fi
      done
      """
          .formatted(STATE);

  private static final Pattern MADE = Pattern.compile(Pattern.quote(USES) + "/[^/]+/(\\d{1,9})");
  private static final String ARROW = " -> ";

  private final Settings settings;
  private final Store store;
  private final Containers containers;
  private final Executor executor;

  StoreRoots(Settings settings, Store store, Containers containers, Executor executor) {
    this.settings = settings;
    this.store = store;
    this.containers = containers;
    this.executor = executor;
  }

  /**
   * Makes sure that nobody but codchi collects garbage and that no registered link is forgotten.
   * The store must run, with its tools. Idempotent.
   *
   * @throws Failure {@code STORE_COLLECT}
   */
  void protect() {
    bash(PROTECT, "");
    containers.attach(store.containerName(), collectorSocket(settings));
  }

  /** Hides the collector's directory from the daemon's writes. */
  static Mount collectorSocket(Settings settings) {
    return new Mount(
        "nix-collector",
        settings.directories().nix().resolve("var/nix/gc-socket"),
        COLLECTOR_SOCKET,
        true);
  }

  /**
   * The links that are registered and that the store cannot see.
   *
   * @throws Failure {@code STORE_COLLECT}
   */
  public List<Registered> registered() {
    protect();
    String[] values = bash(LIST, "").split("\0", -1);
    List<Registered> all = new ArrayList<>();
    for (int at = 0; at + 2 < values.length; at += 3) {
      all.add(new Registered(values[at], values[at + 1], values[at + 2]));
    }
    return all;
  }

  /**
   * Forgets registered links, except those that were registered again since they were listed.
   *
   * @throws Failure {@code STORE_COLLECT}
   */
  public void forget(List<Registered> gone) {
    StringBuilder lines = new StringBuilder();
    gone.forEach(one -> lines.append(one.entry()).append(' ').append(one.version()).append('\n'));
    bash(FORGET, lines.toString());
  }

  /**
   * Makes roots of what is used outside of the store's container. Idempotent; replaces what an
   * earlier call made.
   *
   * @return everything that nix will keep, with what keeps it
   * @throws Failure {@code STORE_COLLECT}; then nothing may be collected
   */
  public List<Root> refresh(List<Use> uses) {
    StringBuilder lines = new StringBuilder();
    uses.forEach(use -> lines.append(use.machine()).append(' ').append(use.path()).append('\n'));
    bash(WRITE, lines.toString());
    return all(uses);
  }

  /**
   * Everything that nix will keep, with what keeps it.
   *
   * @param uses those of the last {@link #refresh}; empty where only the machines matter
   */
  public List<Root> all(List<Use> uses) {
    List<Root> roots = new ArrayList<>();
    String nixStore = Store.NIX + "-store";
    for (String line : run(List.of(nixStore, "--gc", "--print-roots"), "").split("\n", -1)) {
      int arrow = line.lastIndexOf(ARROW);
      if (arrow > 0) {
        roots.add(
            new Root(
                owner(line.substring(0, arrow), uses),
                line.substring(arrow + ARROW.length()).strip()));
      }
    }
    return roots;
  }

  /** The use that a root was made of, else the link itself; package-private for its test. */
  static String owner(String link, List<Use> uses) {
    Matcher made = MADE.matcher(link);
    if (made.matches()) {
      int number = Integer.parseInt(made.group(1));
      if (number < uses.size()) {
        return uses.get(number).owner();
      }
    }
    return link;
  }

  private String bash(String script, String input) {
    return run(List.of(TOOLS + "/bash", "-c", script), input);
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
