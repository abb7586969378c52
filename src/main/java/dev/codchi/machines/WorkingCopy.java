package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import dev.codchi.store.NixAccess;
import dev.codchi.store.StoreGit;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a clone of a repository in a machine's home, which need not run for that. */
@ApplicationScoped
public class WorkingCopy {
  /**
   * What is cloned.
   *
   * @param source the repository, in the state that is checked out
   * @param directory where, relative to the home
   * @param depth how many commits of the history; none: all
   * @param singleBranch whether other branches are left out
   * @param submodules with the repository's submodules
   * @param shallowSubmodules these without their history
   */
  public record Wish(
      FlakeReference source,
      String directory,
      Optional<Integer> depth,
      boolean singleBranch,
      boolean submodules,
      boolean shallowSubmodules) {
    /**
     * Checks the directory and the depth.
     *
     * @throws Failure {@code BAD_REFERENCE}, {@code BAD_USAGE}
     */
    public Wish {
      directory = ReferenceRules.insideHome(directory);
      if (depth.filter(commits -> commits < 1).isPresent()) {
        throw Failure.of(FailureCode.BAD_USAGE, "a history has at least one commit")
            .next("Give --depth 1, or leave it out for all of it.");
      }
    }

    /** The working copy as a place that modules come from. */
    public FlakeReference.Local local() {
      return new FlakeReference.Local(directory, Pin.latest(), source.directory());
    }
  }

  private final Settings settings;
  private final Nix nix;
  private final StoreGit git;
  private final RepositoryTokens tokens;

  WorkingCopy(Settings settings, Nix nix, StoreGit git, RepositoryTokens tokens) {
    this.settings = settings;
    this.nix = nix;
    this.git = git;
    this.tokens = tokens;
  }

  /**
   * The address that git takes.
   *
   * @throws Failure {@code BAD_REFERENCE} for what is no repository that can be cloned
   */
  static String address(FlakeReference source) {
    return switch (source) {
      case FlakeReference.OfForge forge -> ForgeText.asGit(forge).cloneUrl();
      case FlakeReference.OfGit repository -> repository.cloneUrl();
      case FlakeReference.Tarball archive -> throw notCloned(archive, "it is an archive");
      case FlakeReference.Local local -> throw notCloned(local, "it is in a machine already");
      case FlakeReference.HostPath path ->
          throw notCloned(path, "a machine cannot reach this computer's directories later on");
    };
  }

  private static Failure notCloned(FlakeReference source, String why) {
    return Failure.of(FailureCode.BAD_REFERENCE, source.print() + " cannot be cloned")
        .because(why)
        .next("Give a repository's address, or use 'codchi init' instead.");
  }

  /**
   * Clones. The home is made when it is not there; a failure may leave a part of the clone.
   *
   * @throws Failure {@code BAD_REFERENCE}, {@code NIX_*} with git's words
   */
  void make(MachineName machine, Wish wish, Progress progress) {
    String address = address(wish.source());
    nix.prepare(progress);
    Person person = Person.current();
    person.directory(settings.directories().data().resolve("machine"), "rwxr-xr-x");
    person.directory(home(machine), "rwx------");
    String inside = "/data/machine/" + machine;
    try (NixAccess access = tokens.open(machine, List.of(wish.source()));
        Progress.Step _ = progress.begin("Cloning " + wish.source().print())) {
      git.run(inside, arguments(wish, address), access, progress);
      Optional<String> state = wish.source().pin().commit();
      if (state.isPresent()) {
        String copy = inside + "/" + wish.directory();
        if (wish.depth().isPresent()) {
          // A server gives a commit by its name, where it would not give the way to it.
          git.run(
              copy,
              List.of("fetch", "--quiet", "--depth", depth(wish), "origin", state.get()),
              access,
              progress);
        }
        git.run(copy, List.of("checkout", "--quiet", "--detach", state.get()), access, progress);
        if (wish.submodules()) {
          git.run(
              copy,
              List.of("submodule", "--quiet", "update", "--init", "--recursive"),
              access,
              progress);
        }
      }
    }
  }

  private static List<String> arguments(Wish wish, String address) {
    List<String> arguments = new ArrayList<>(List.of("clone", "--quiet"));
    wish.source()
        .pin()
        .ref()
        .ifPresent(ref -> {
          String name = ref.startsWith("refs/tags/") ? ref.substring("refs/tags/".length()) : ref;
          arguments.addAll(List.of("--branch", name));
        });
    if (wish.depth().isPresent()) {
      arguments.addAll(List.of("--depth", depth(wish)));
    }
    if (wish.singleBranch()) {
      arguments.add("--single-branch");
    } else if (wish.depth().isPresent()) {
      // git's own default for shallow clones is a single branch.
      arguments.add("--no-single-branch");
    }
    if (wish.submodules()) {
      arguments.add("--recurse-submodules");
    }
    if (wish.shallowSubmodules()) {
      arguments.add("--shallow-submodules");
    }
    arguments.addAll(List.of("--", address, wish.directory()));
    return arguments;
  }

  private static String depth(Wish wish) {
    return String.valueOf(wish.depth().orElseThrow());
  }

  /**
   * Marks the machine's init script as run, so that its first start leaves it out; see {@code
   * src/main/nix/README.md}.
   */
  void leaveOutInitScript(MachineName machine) {
    Person person = Person.current();
    person.directory(settings.directories().data().resolve("machine"), "rwxr-xr-x");
    Path directory = person.directory(home(machine), "rwx------");
    for (String name : List.of(".local", "state", "codchi")) {
      directory = person.directory(directory.resolve(name), "rwxr-xr-x");
    }
    WholeFile.write(directory.resolve("init-done"), "", 0644);
  }

  private Path home(MachineName machine) {
    return settings.directories().home(machine.value());
  }
}
