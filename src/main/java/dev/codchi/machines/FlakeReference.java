package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a module's flake lives, and which state of it is meant. The forms and their semantics are
 * those of nix (2.18 or newer), described in its manual under {@code nix flake}; {@code local:} is
 * codchi's own.
 *
 * <p>{@link #print()} and {@link #parse(String)} are inverse. A reference never holds credentials.
 */
public sealed interface FlakeReference
    permits FlakeReference.OfForge,
        FlakeReference.OfGit,
        FlakeReference.Tarball,
        FlakeReference.Local,
        FlakeReference.HostPath {

  /** Which state; {@link Pin#latest()} where the kind has no states. */
  Pin pin();

  /** The flake's directory in the repository, without '/' at either end; empty for its root. */
  String directory();

  /** The same repository in another state; fails for kinds that have no states. */
  FlakeReference withPin(Pin pin);

  /** The same repository with the flake in another directory; empty for the root. */
  FlakeReference withDirectory(String directory);

  /** The canonical text, which {@link #parse(String)} reads back; safe to show and store. */
  String print();

  /**
   * The reference as nix understands it, for {@code inputs.X.url}.
   *
   * @param places where the store sees the machine's home and the host's directories
   */
  String toNix(NixPlaces places);

  /** The repository's own name, from which a module's name can be derived; may be empty. */
  String repositoryName();

  /**
   * Reads what people type or paste.
   *
   * @throws Failure {@link FailureCode#BAD_REFERENCE}; its text shows no credentials
   */
  static ParsedReference parse(String text) {
    return new ReferenceParser(text).parse();
  }

  /**
   * This reference in the state that options ask for.
   *
   * @throws Failure {@link FailureCode#BAD_REFERENCE} when it already names another state
   */
  default FlakeReference pinned(Pin wanted) {
    if (wanted instanceof Pin.Latest || wanted.equals(pin())) {
      return this;
    }
    if (wanted instanceof Pin.Commit(String id, Optional<String> branch)
        && branch.isEmpty()
        && pin() instanceof Pin.Branch(String own)) {
      return withPin(new Pin.Commit(id, Optional.of(own)));
    }
    if (!(pin() instanceof Pin.Latest)) {
      throw Failure.of(
              FailureCode.BAD_REFERENCE,
              "%s and %s at once".formatted(pin().describe(), wanted.describe()))
          .because("the reference already names a state of the repository")
          .next("Leave out one of them.");
    }
    return withPin(wanted);
  }

  /** Repositories that nix downloads through a forge's own interface. */
  sealed interface OfForge extends FlakeReference permits GitHub, GitLab, Sourcehut {
    /** The forge's host, with its port if it has one. */
    String host();

    /** The owner; for GitLab the group with its sub-groups. */
    String owner();

    /** The repository. */
    String repository();

    @Override
    default String repositoryName() {
      return repository();
    }
  }

  /** A repository on GitHub or GitHub Enterprise. */
  record GitHub(String host, String owner, String repository, Pin pin, String directory)
      implements OfForge {
    /** The forge's public instance. */
    public static final String PUBLIC = "github.com";

    /** Checks the parts. */
    public GitHub {
      host = ReferenceRules.host(host);
      ReferenceRules.segment("owner", owner);
      ReferenceRules.segment("repository", repository);
      directory = ReferenceRules.directory(directory);
    }

    @Override
    public GitHub withPin(Pin other) {
      return new GitHub(host, owner, repository, other, directory);
    }

    @Override
    public GitHub withDirectory(String other) {
      return new GitHub(host, owner, repository, pin, other);
    }

    @Override
    public String print() {
      return ForgeText.print("github", PUBLIC, this);
    }

    @Override
    public String toNix(NixPlaces places) {
      return ForgeText.nix("github", PUBLIC, this);
    }
  }

  /**
   * A repository on GitLab, public or self-hosted.
   *
   * @param owner the group, and its sub-groups after '/'
   */
  record GitLab(String host, String owner, String repository, Pin pin, String directory)
      implements OfForge {
    /** The forge's public instance. */
    public static final String PUBLIC = "gitlab.com";

    /** Checks the parts. */
    public GitLab {
      host = ReferenceRules.host(host);
      for (String group : owner.split("/", -1)) {
        ReferenceRules.segment("group", group);
      }
      ReferenceRules.segment("repository", repository);
      directory = ReferenceRules.directory(directory);
    }

    @Override
    public GitLab withPin(Pin other) {
      return new GitLab(host, owner, repository, other, directory);
    }

    @Override
    public GitLab withDirectory(String other) {
      return new GitLab(host, owner, repository, pin, other);
    }

    @Override
    public String print() {
      return ForgeText.print("gitlab", PUBLIC, this);
    }

    @Override
    public String toNix(NixPlaces places) {
      return ForgeText.nix("gitlab", PUBLIC, this);
    }
  }

  /**
   * A repository on a Sourcehut instance.
   *
   * @param owner with its leading '~'
   */
  record Sourcehut(String host, String owner, String repository, Pin pin, String directory)
      implements OfForge {
    /** The forge's public instance. */
    public static final String PUBLIC = "git.sr.ht";

    /** Checks the parts. */
    public Sourcehut {
      host = ReferenceRules.host(host);
      if (!owner.startsWith("~")) {
        throw ReferenceRules.bad("'%s' is not an owner on Sourcehut".formatted(owner))
            .because("owners there start with '~'");
      }
      ReferenceRules.segment("owner", owner.substring(1));
      ReferenceRules.segment("repository", repository);
      directory = ReferenceRules.directory(directory);
    }

    @Override
    public Sourcehut withPin(Pin other) {
      return new Sourcehut(host, owner, repository, other, directory);
    }

    @Override
    public Sourcehut withDirectory(String other) {
      return new Sourcehut(host, owner, repository, pin, other);
    }

    @Override
    public String print() {
      return ForgeText.print("sourcehut", PUBLIC, this);
    }

    @Override
    public String toNix(NixPlaces places) {
      return ForgeText.nix("sourcehut", PUBLIC, this);
    }
  }

  /** Repositories that nix fetches with git itself. */
  sealed interface OfGit extends FlakeReference permits GitHttps, GitSsh {
    /** The repository's address as git takes it. */
    String cloneUrl();

    /** The server, with its port if it has one. */
    String host();

    /** How much of the repository is fetched. */
    GitFetch fetch();

    @Override
    default String print() {
      return "git+" + cloneUrl() + UrlText.query(GitText.printed(this));
    }

    @Override
    default String toNix(NixPlaces places) {
      return "git+" + cloneUrl() + UrlText.query(GitText.nix(this));
    }

    /** Whether the server is known to give parts of the history, which plain files cannot. */
    boolean knownSmart();

    @Override
    default String repositoryName() {
      return GitText.lastName(cloneUrl());
    }
  }

  /**
   * How git fetches.
   *
   * @param shallow only the wanted commit, without history; empty: where the server is known to be
   *     able to
   * @param submodules with the repository's submodules
   */
  record GitFetch(Optional<Boolean> shallow, boolean submodules) {
    /** What is right if nothing is said. */
    public static final GitFetch DEFAULT = new GitFetch(Optional.empty(), false);
  }

  /**
   * A repository fetched by git over HTTP.
   *
   * @param secure https; else plain http
   * @param host with its port if it has one
   * @param path not percent-encoded, with a leading '/'
   */
  record GitHttps(
      boolean secure, String host, String path, Pin pin, String directory, GitFetch fetch)
      implements OfGit {
    /** Checks the parts. */
    public GitHttps {
      host = ReferenceRules.host(host);
      ReferenceRules.repositoryPath(path);
      directory = ReferenceRules.directory(directory);
    }

    @Override
    public GitHttps withPin(Pin other) {
      return new GitHttps(secure, host, path, other, directory, fetch);
    }

    @Override
    public GitHttps withDirectory(String other) {
      return new GitHttps(secure, host, path, pin, other, fetch);
    }

    @Override
    public String cloneUrl() {
      return (secure ? "https://" : "http://") + host + UrlText.path(path);
    }

    @Override
    public boolean knownSmart() {
      return KnownForges.speaksSmartHttp(host);
    }
  }

  /**
   * A repository fetched by git over SSH.
   *
   * @param user the account on the server, usually {@code git}; empty: ssh's own choice
   * @param host with its port if it has one
   * @param path not percent-encoded, with a leading '/'
   */
  record GitSsh(String user, String host, String path, Pin pin, String directory, GitFetch fetch)
      implements OfGit {
    /** Checks the parts. */
    public GitSsh {
      if (!user.matches("[A-Za-z0-9._-]*") || user.startsWith("-")) {
        throw ReferenceRules.bad("The SSH user of the reference is not a user name");
      }
      host = ReferenceRules.host(host);
      ReferenceRules.repositoryPath(path);
      directory = ReferenceRules.directory(directory);
    }

    @Override
    public GitSsh withPin(Pin other) {
      return new GitSsh(user, host, path, other, directory, fetch);
    }

    @Override
    public GitSsh withDirectory(String other) {
      return new GitSsh(user, host, path, pin, other, fetch);
    }

    @Override
    public String cloneUrl() {
      return "ssh://" + (user.isEmpty() ? "" : user + "@") + host + UrlText.path(path);
    }

    /** An SSH server always runs git. */
    @Override
    public boolean knownSmart() {
      return true;
    }
  }

  /**
   * An archive of a flake.
   *
   * @param url {@code http:}, {@code https:} or {@code file:}, percent-encoded, without {@code dir}
   */
  record Tarball(String url, String directory) implements FlakeReference {
    /** The endings by which nix knows an archive. */
    public static final List<String> ENDINGS =
        List.of(".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tar", ".zip");

    /** Checks the directory. */
    public Tarball {
      directory = ReferenceRules.directory(directory);
    }

    /** Whether nix takes a path for an archive by its name. */
    public static boolean isArchive(String path) {
      return ENDINGS.stream().anyMatch(path::endsWith);
    }

    @Override
    public Pin pin() {
      return Pin.latest();
    }

    @Override
    public Tarball withPin(Pin other) {
      if (other instanceof Pin.Latest) {
        return this;
      }
      throw ReferenceRules.bad("An archive has no " + other.describe())
          .because("an archive is one state of a repository, without its history")
          .next("Give the repository instead of the archive.");
    }

    @Override
    public Tarball withDirectory(String other) {
      return new Tarball(url, other);
    }

    @Override
    public String print() {
      int query = url.indexOf('?');
      String path = query < 0 ? url : url.substring(0, query);
      String dir = directory.isEmpty() ? "" : "dir=" + UrlText.value(directory);
      String separator = dir.isEmpty() ? "" : query < 0 ? "?" : "&";
      return (isArchive(path) ? "" : "tarball+") + url + separator + dir;
    }

    @Override
    public String toNix(NixPlaces places) {
      return print();
    }

    @Override
    public String repositoryName() {
      return GitText.lastName(url.replaceFirst("\\?.*$", ""));
    }
  }

  /**
   * A git repository inside the machine's home, which works on the files as they are there.
   *
   * @param path relative to the home, normalised, not percent-encoded
   */
  record Local(String path, Pin pin, String directory) implements FlakeReference {
    /** Checks that the path stays inside the home. */
    public Local {
      path = ReferenceRules.insideHome(path);
      directory = ReferenceRules.directory(directory);
    }

    /** The repository as it is, uncommitted changes included. */
    public Local(String path) {
      this(path, Pin.latest(), "");
    }

    @Override
    public Local withPin(Pin other) {
      return new Local(path, other, directory);
    }

    @Override
    public Local withDirectory(String other) {
      return new Local(path, pin, other);
    }

    @Override
    public String print() {
      return "local:" + UrlText.path(path) + UrlText.query(GitText.state(pin, directory));
    }

    @Override
    public String toNix(NixPlaces places) {
      Map<String, String> parameters = new LinkedHashMap<>(GitText.state(pin, directory));
      if (places.isShallow(path)) {
        parameters.put("shallow", "1");
      }
      return "git+file://"
          + UrlText.path(places.machineHome() + "/" + path)
          + UrlText.query(parameters);
    }

    @Override
    public String repositoryName() {
      return GitText.lastName(path);
    }
  }

  /** A directory on the host, which the store sees only where codchi puts it. */
  record HostPath(String path, Kind kind, Pin pin, String directory) implements FlakeReference {
    /** How nix reads the directory. */
    public enum Kind {
      /** Through git where it is a work tree, else as it is. */
      AUTOMATIC,
      /** Through git: only files that git knows. */
      GIT,
      /** As it is, every file. */
      PLAIN
    }

    /** Checks the path. */
    public HostPath {
      path = ReferenceRules.hostPath(path, kind);
      directory = ReferenceRules.directory(directory);
      if (kind == Kind.PLAIN && !(pin instanceof Pin.Latest)) {
        throw ReferenceRules.bad("A directory that git does not know has no " + pin.describe())
            .next("Write git+file:" + path + " for a git repository.");
      }
    }

    /** Whether the path is relative to the directory in which the user is. */
    public boolean isRelative() {
      return !path.startsWith("/");
    }

    /** The same with an absolute path, as it is stored. */
    public HostPath absolute(java.nio.file.Path workingDirectory) {
      return new HostPath(
          workingDirectory.resolve(path).toAbsolutePath().normalize().toString(),
          kind,
          pin,
          directory);
    }

    @Override
    public HostPath withPin(Pin other) {
      return new HostPath(path, kind, other, directory);
    }

    @Override
    public HostPath withDirectory(String other) {
      return new HostPath(path, kind, pin, other);
    }

    @Override
    public String print() {
      String query = UrlText.query(GitText.state(pin, directory));
      return switch (kind) {
        case AUTOMATIC -> path + query;
        case GIT -> "git+file:" + UrlText.path(path) + query;
        case PLAIN -> "path:" + UrlText.path(path) + query;
      };
    }

    /** The path must be absolute. */
    @Override
    public String toNix(NixPlaces places) {
      if (isRelative()) {
        throw new IllegalStateException("relative to what? " + path);
      }
      boolean git =
          kind == Kind.GIT
              || (kind == Kind.AUTOMATIC && (!(pin instanceof Pin.Latest) || places.isGit(path)));
      Map<String, String> state = new LinkedHashMap<>(GitText.state(pin, directory));
      return (git ? "git+file://" : "path:")
          + UrlText.path(places.hostDirectory(path))
          + UrlText.query(state);
    }

    @Override
    public String repositoryName() {
      return GitText.lastName(path);
    }
  }
}
