package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which state of a git repository is meant. */
public sealed interface Pin {
  /** Whatever the repository's default branch points at. */
  static Pin latest() {
    return new Latest();
  }

  /** The default branch. */
  record Latest() implements Pin {}

  /** The tip of a branch; the name has no {@code refs/heads/}. */
  record Branch(String name) implements Pin {
    /** Checks the name as git does. */
    public Branch {
      checkRefName("branch", name);
    }
  }

  /** A tag; the name has no {@code refs/tags/}. */
  record Tag(String name) implements Pin {
    /** Checks the name as git does. */
    public Tag {
      checkRefName("tag", name);
    }
  }

  /** Any other reference of the repository, in full, for example {@code refs/pull/7/head}. */
  record Ref(String name) implements Pin {
    /** Checks that it is a full reference and neither branch nor tag. */
    public Ref {
      checkRefName("reference", name.startsWith("refs/") ? name.substring(5) : "");
      if (name.startsWith("refs/heads/") || name.startsWith("refs/tags/")) {
        throw new IllegalArgumentException(name);
      }
    }
  }

  /**
   * One commit.
   *
   * @param id the whole hash in lower case: 40 hexadecimal digits, or 64 for SHA-256 repositories
   * @param branch a branch that contains it, where known; spares fetching every branch
   */
  record Commit(String id, Optional<String> branch) implements Pin {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** Checks the hash and the branch. */
    public Commit {
      id = id.toLowerCase(java.util.Locale.ROOT);
      if (!HASH.matcher(id).matches()) {
        throw Failure.of(FailureCode.BAD_REFERENCE, "'%s' is not a commit".formatted(id))
            .because("a commit is given by its whole hash of 40 hexadecimal digits")
            .next("'git rev-parse %s' prints the whole hash.".formatted(id));
      }
      branch.ifPresent(name -> checkRefName("branch", name));
    }

    /** A commit about whose branch nothing is known. */
    public Commit(String id) {
      this(id, Optional.empty());
    }
  }

  /**
   * The pin that options ask for.
   *
   * @throws Failure {@link FailureCode#BAD_REFERENCE} for a branch and a tag at once, and for a tag
   *     and a commit at once
   */
  static Pin of(Optional<String> branch, Optional<String> tag, Optional<String> commit) {
    if (branch.isPresent() && tag.isPresent()) {
      throw atOnce("branch '" + branch.get() + "'", "tag '" + tag.get() + "'");
    }
    if (tag.isPresent() && commit.isPresent()) {
      throw atOnce("tag '" + tag.get() + "'", "commit '" + commit.get() + "'");
    }
    if (commit.isPresent()) {
      return new Commit(commit.get(), branch);
    }
    if (tag.isPresent()) {
      return ofRef(tag.get().startsWith("refs/") ? tag.get() : "refs/tags/" + tag.get());
    }
    return branch.map(Pin::ofRef).orElse(latest());
  }

  /** The pin of a git reference as nix writes it: a branch, or in full {@code refs/…}. */
  static Pin ofRef(String ref) {
    if (ref.equals("HEAD")) {
      return latest();
    }
    if (ref.startsWith("refs/heads/")) {
      return new Branch(ref.substring("refs/heads/".length()));
    }
    if (ref.startsWith("refs/tags/")) {
      return new Tag(ref.substring("refs/tags/".length()));
    }
    return ref.startsWith("refs/") ? new Ref(ref) : new Branch(ref);
  }

  /** The git reference as nix takes it; empty for the default branch and for a bare commit. */
  default Optional<String> ref() {
    return switch (this) {
      case Latest ignored -> Optional.empty();
      case Branch(String name) -> Optional.of(name);
      case Tag(String name) -> Optional.of("refs/tags/" + name);
      case Ref(String name) -> Optional.of(name);
      case Commit(String ignored, Optional<String> branch) -> branch;
    };
  }

  /** The commit's hash, if this names one. */
  default Optional<String> commit() {
    return this instanceof Commit commit ? Optional.of(commit.id()) : Optional.empty();
  }

  /** How people read it: {@code branch main}. */
  default String describe() {
    return switch (this) {
      case Latest ignored -> "default branch";
      case Branch(String name) -> "branch '" + name + "'";
      case Tag(String name) -> "tag '" + name + "'";
      case Ref(String name) -> "reference '" + name + "'";
      case Commit(String id, Optional<String> ignored) -> "commit " + id;
    };
  }

  /** What {@code git check-ref-format} accepts as the rest of a reference's name. */
  private static void checkRefName(String kind, String name) {
    String reason = null;
    if (name.isEmpty()) {
      reason = "it is empty";
    } else if (name.startsWith("/") || name.endsWith("/") || name.contains("//")) {
      reason = "it has an empty part between '/'";
    } else if (name.startsWith("-") || name.equals("@") || name.startsWith("refs/")) {
      reason = "git does not allow it to start like this";
    } else if (name.contains("..") || name.contains("@{") || name.endsWith(".")) {
      reason = "git does not allow '..', '@{' or a '.' at the end";
    } else if (("/" + name).contains("/.") || (name + "/").contains(".lock/")) {
      reason = "git does not allow a part that starts with '.' or ends with '.lock'";
    } else {
      int bad =
          name.codePoints()
              .filter(c -> c <= ' ' || c == 0x7f || "~^:?*[\\".indexOf(c) >= 0)
              .findFirst()
              .orElse(-1);
      if (bad >= 0) {
        reason =
            bad <= ' ' || bad == 0x7f
                ? "it has a space or control character"
                : "git does not allow '" + Character.toString(bad) + "' in it";
      }
    }
    if (reason != null) {
      throw Failure.of(
              FailureCode.BAD_REFERENCE,
              "'%s' is not a %s".formatted(name.replaceAll("\\p{Cntrl}", "�"), kind))
          .because(reason);
    }
  }

  private static Failure atOnce(String one, String other) {
    return Failure.of(FailureCode.BAD_REFERENCE, "%s and %s at once".formatted(one, other))
        .because("they may be different states of the repository")
        .next("Give only one of them.");
  }
}
