package dev.codchi.machines;

import dev.codchi.machines.FlakeReference.GitFetch;
import dev.codchi.machines.FlakeReference.GitHttps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what people copy from a browser's address bar, or from a clone button. */
final class WebAddress {
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}");

  /** Names of branches that have no '/' after them. */
  private static final Pattern PLAIN_BRANCH =
      Pattern.compile("main|master|trunk|dev|develop|development|staging|stable|v?[0-9][0-9.]*");

  /** First parts of branch names that usually have more parts. */
  private static final Pattern BRANCH_PREFIX =
      Pattern.compile(
          "feat|feature|features|fix|bugfix|hotfix|release|releases|chore|refactor|docs|test|ci"
              + "|renovate|dependabot|user|users|wip|task|issue|support");

  private static final Pattern BROWSER_FRAGMENT =
      Pattern.compile("readme|L[0-9].*|user-content-.*|[a-z]+-ov-file|note_.*|diff-.*");

  private final ReferenceParser parser;
  private final boolean secure;
  private final String host;
  private final List<String> path;
  private final ReferenceParser.Parameters parameters;
  private final String rawPath;

  /**
   * @param scheme http or https
   * @param rest what follows the scheme's "//"
   */
  WebAddress(ReferenceParser parser, String scheme, String rest) {
    this.parser = parser;
    ReferenceParser.Parts parts = parser.split("//" + rest);
    ReferenceParser.Authority authority = parser.authority(parts.path(), scheme);
    secure = scheme.equals("https");
    host = ReferenceRules.host(authority.host());
    rawPath = authority.path();
    path = new ArrayList<>();
    for (String name : rawPath.split("/", -1)) {
      if (!name.isEmpty()) {
        path.add(UrlText.decode(name));
      }
    }
    parameters = parser.parameters(parts.query());
    parameters.dropTokens(host);
  }

  FlakeReference reference() {
    if (path.isEmpty()) {
      throw parser.fail("it names a server, but no repository on it");
    }
    if (FlakeReference.Tarball.isArchive(path.getLast())
        && !path.contains("blob")
        && !path.contains("raw")) {
      parameters.dropLocked();
      String directory = parameters.take("dir").orElse("");
      String url = scheme() + "://" + host + UrlText.path(UrlText.decode(rawPath));
      return new FlakeReference.Tarball(url + UrlText.query(parameters.rest()), directory);
    }
    if (parser.module().filter(m -> BROWSER_FRAGMENT.matcher(m).matches()).isPresent()) {
      parser.dropFragment();
    }
    Found found = found();
    Pin asked = parameters.pin();
    String directory = parameters.take("dir").orElse("");
    GitFetch fetch = parameters.fetch();
    FlakeReference reference = found.reference();
    if (reference instanceof GitHttps git) {
      reference =
          new GitHttps(git.secure(), git.host(), git.path(), git.pin(), git.directory(), fetch);
    } else if (fetch.submodules() && reference instanceof FlakeReference.OfForge forge) {
      GitHttps git = ForgeText.asGit(forge);
      reference = new GitHttps(true, git.host(), git.path(), git.pin(), git.directory(), fetch);
      parser.remark("Fetches with git, because archives of forges have no submodules.");
    }
    if (!directory.isEmpty()) {
      reference = reference.withDirectory(directory);
    }
    reference = reference.pinned(asked);
    List<String> left = new ArrayList<>(found.leftOver());
    parameters.rest().keySet().forEach(key -> left.add("?" + key));
    if (!left.isEmpty()) {
      parser.remark("Left out '%s' of the address.".formatted(String.join("', '", left)));
    }
    return reference;
  }

  private Found found() {
    switch (host) {
      case "github.com", "www.github.com" -> {
        upgraded();
        return gitHub(FlakeReference.GitHub.PUBLIC);
      }
      case "gitlab.com", "www.gitlab.com" -> {
        upgraded();
        return gitLab(FlakeReference.GitLab.PUBLIC);
      }
      case "git.sr.ht" -> {
        upgraded();
        return sourcehut();
      }
      default -> {}
    }
    boolean dash = path.contains("-") && path.indexOf("-") >= 2;
    if (KnownForges.hasLabel(host, "gitlab") || dash) {
      if (path.size() >= 2 && secure && !KnownForges.hasPort(host)) {
        parser.remark(
            "Guessed GitLab from the %s; git+https://… would use git instead."
                .formatted(dash ? "address's '/-/'" : "host's name"));
        return gitLab(host);
      }
    } else if (host.startsWith("github.")
        && path.size() >= 2
        && secure
        && !KnownForges.hasPort(host)) {
      parser.remark("Guessed GitHub Enterprise from the host's name.");
      return gitHub(host);
    }
    return git();
  }

  private Found gitHub(String forge) {
    needsTwo("OWNER/REPO");
    FlakeReference base =
        new FlakeReference.GitHub(
            forge, path.get(0), ReferenceParser.withoutGit(path.get(1)), Pin.latest(), "");
    List<String> rest = path.subList(2, path.size());
    if (rest.size() >= 2) {
      switch (rest.getFirst()) {
        case "tree" -> {
          return tree(base, rest.subList(1, rest.size()), false);
        }
        case "blob", "raw", "edit", "blame" -> {
          return tree(base, rest.subList(1, rest.size()), true);
        }
        case "commit" -> {
          return new Found(base.withPin(new Pin.Commit(rest.get(1))), from(rest, 2));
        }
        case "commits" -> {
          return tree(base, rest.subList(1, rest.size()), false);
        }
        case "releases" -> {
          if (rest.size() > 2 && rest.get(1).equals("tag")) {
            return new Found(base.withPin(new Pin.Tag(joined(rest, 2))), List.of());
          }
        }
        case "pull" -> {
          if (rest.get(1).matches("[0-9]+")) {
            parser.remark("Took the pull request's own state; it moves with the pull request.");
            return new Found(
                base.withPin(new Pin.Ref("refs/pull/%s/head".formatted(rest.get(1)))),
                from(rest, 2));
          }
        }
        default -> {}
      }
    }
    return new Found(base, rest);
  }

  private Found gitLab(String forge) {
    needsTwo("GROUP/REPO");
    int dash = path.indexOf("-");
    List<String> names = dash < 0 ? path : path.subList(0, dash);
    List<String> rest = dash < 0 ? List.of() : path.subList(dash + 1, path.size());
    if (dash < 0) {
      // Addresses of old GitLab versions have no '/-/'.
      int old = indexOfAny(names, List.of("tree", "blob"));
      if (old >= 2 && old + 1 < names.size()) {
        rest = names.subList(old, names.size());
        names = names.subList(0, old);
      }
    }
    if (names.size() < 2) {
      throw parser.fail("GitLab's addresses have at least GROUP/REPO");
    }
    FlakeReference base =
        new FlakeReference.GitLab(
            forge,
            String.join("/", names.subList(0, names.size() - 1)),
            ReferenceParser.withoutGit(names.getLast()),
            Pin.latest(),
            "");
    Optional<String> type = parameters.take("ref_type");
    if (rest.size() >= 2) {
      switch (rest.getFirst()) {
        case "tree", "blob", "raw" -> {
          Found tree = tree(base, rest.subList(1, rest.size()), !rest.getFirst().equals("tree"));
          if (type.equals(Optional.of("tags"))
              && tree.reference().pin() instanceof Pin.Branch(String name)) {
            return new Found(tree.reference().withPin(new Pin.Tag(name)), tree.leftOver());
          }
          return tree;
        }
        case "commit" -> {
          return new Found(base.withPin(new Pin.Commit(rest.get(1))), from(rest, 2));
        }
        case "tags", "releases" -> {
          return new Found(base.withPin(new Pin.Tag(joined(rest, 1))), List.of());
        }
        default -> {}
      }
    }
    return new Found(base, rest);
  }

  private Found sourcehut() {
    needsTwo("~OWNER/REPO");
    FlakeReference base =
        new FlakeReference.Sourcehut(host, path.get(0), path.get(1), Pin.latest(), "");
    List<String> rest = path.subList(2, path.size());
    if (rest.size() >= 2) {
      switch (rest.getFirst()) {
        case "tree" -> {
          int item = rest.indexOf("item");
          Pin pin = state(joined(rest.subList(0, item < 0 ? rest.size() : item), 1));
          return new Found(
              base.withPin(pin).withDirectory(item < 0 ? "" : joined(rest, item + 1)), List.of());
        }
        case "commit" -> {
          return new Found(base.withPin(new Pin.Commit(rest.get(1))), from(rest, 2));
        }
        case "refs" -> {
          return new Found(base.withPin(new Pin.Tag(joined(rest, 1))), List.of());
        }
        default -> {}
      }
    }
    return new Found(base, rest);
  }

  /** Any other server: Gitea, Forgejo, Bitbucket, Azure DevOps, cgit, plain files. */
  private Found git() {
    int azure = path.indexOf("_git");
    if (azure >= 0 && azure + 1 < path.size()) {
      return azure(azure);
    }
    int source = path.indexOf("src");
    if (source == 2 && path.size() > 4 && !host.equals("bitbucket.org")) {
      String kind = path.get(3);
      List<String> rest = path.subList(4, path.size());
      GitHttps base = repository(path.subList(0, 2));
      switch (kind) {
        case "branch" -> {
          return tree(base, rest, false);
        }
        case "tag" -> {
          return new Found(
              base.withPin(new Pin.Tag(rest.getFirst())).withDirectory(joined(rest, 1)), List.of());
        }
        case "commit" -> {
          return new Found(
              base.withPin(new Pin.Commit(rest.getFirst())).withDirectory(joined(rest, 1)),
              List.of());
        }
        default -> {}
      }
    }
    if (source == 2 && path.size() > 3 && host.equals("bitbucket.org")) {
      return tree(repository(path.subList(0, 2)), path.subList(3, path.size()), false);
    }
    if (path.size() > 4 && path.get(2).equals("releases") && path.get(3).equals("tag")) {
      return new Found(
          repository(path.subList(0, 2)).withPin(new Pin.Tag(joined(path, 4))), List.of());
    }
    if (path.size() == 4
        && List.of("commit", "commits").contains(path.get(2))
        && HASH.matcher(path.get(3)).matches()) {
      return new Found(
          repository(path.subList(0, 2)).withPin(new Pin.Commit(path.get(3))), List.of());
    }
    int tree = indexOfAny(path, List.of("tree", "blob"));
    if (tree >= 2 && tree + 1 < path.size()) {
      List<String> names = new ArrayList<>(path.subList(0, tree));
      if (names.getLast().equals("-")) {
        names.removeLast();
      }
      boolean file = path.get(tree).equals("blob");
      return tree(repository(names), path.subList(tree + 1, path.size()), file);
    }
    if (!KnownForges.speaksSmartHttp(host)) {
      parser.remark("Guessed a git repository, since the address is not an archive's.");
    }
    return new Found(repository(path), List.of());
  }

  /** Azure DevOps: {@code …/_git/REPO?version=GBmain&path=/dir}. */
  private Found azure(int marker) {
    FlakeReference base = repository(path.subList(0, marker + 2));
    String version = parameters.take("version").orElse("");
    String directory = parameters.take("path").orElse("");
    if (version.startsWith("GB")) {
      base = base.withPin(new Pin.Branch(version.substring(2)));
    } else if (version.startsWith("GT")) {
      base = base.withPin(new Pin.Tag(version.substring(2)));
    } else if (version.startsWith("GC")) {
      base = base.withPin(new Pin.Commit(version.substring(2)));
    }
    return new Found(base.withDirectory(directory), from(path, marker + 2));
  }

  private GitHttps repository(List<String> names) {
    return new GitHttps(
        secure, host, "/" + String.join("/", names), Pin.latest(), "", GitFetch.DEFAULT);
  }

  /** {@code BRANCH/DIRECTORY}, of which nobody can know where the one ends. */
  private Found tree(FlakeReference base, List<String> rest, boolean file) {
    List<String> names = file && rest.size() > 1 ? rest.subList(0, rest.size() - 1) : rest;
    String first = names.getFirst();
    if (HASH.matcher(first).matches()) {
      return new Found(
          base.withPin(new Pin.Commit(first)).withDirectory(joined(names, 1)), List.of());
    }
    if (first.equals("refs") && names.size() > 2) {
      boolean whole = names.size() == 3;
      Pin pin = Pin.ofRef(String.join("/", names.subList(0, 3)));
      return new Found(base.withPin(pin).withDirectory(whole ? "" : joined(names, 3)), List.of());
    }
    if (names.size() == 1 || PLAIN_BRANCH.matcher(first).matches()) {
      return new Found(base.withPin(state(first)).withDirectory(joined(names, 1)), List.of());
    }
    if (BRANCH_PREFIX.matcher(first).matches()) {
      String branch = String.join("/", names);
      parser.remark(
          "Guessed that '%s' is the branch; if a directory is part of it, give --branch and ?dir=."
              .formatted(branch));
      return new Found(base.withPin(state(branch)), List.of());
    }
    parser.remark(
        "Guessed branch '%s' and directory '%s'; give --branch and ?dir= if the branch has a '/'."
            .formatted(first, joined(names, 1)));
    return new Found(base.withPin(state(first)).withDirectory(joined(names, 1)), List.of());
  }

  private static Pin state(String text) {
    return HASH.matcher(text).matches() ? new Pin.Commit(text) : Pin.ofRef(text);
  }

  private void needsTwo(String form) {
    if (path.size() < 2) {
      throw parser.fail("after the host comes " + form);
    }
  }

  private void upgraded() {
    if (!secure) {
      parser.remark("Uses https, which this forge always offers.");
    }
  }

  private String scheme() {
    return secure ? "https" : "http";
  }

  private static int indexOfAny(List<String> names, List<String> wanted) {
    for (int at = 0; at < names.size(); at++) {
      if (wanted.contains(names.get(at))) {
        return at;
      }
    }
    return -1;
  }

  private static String joined(List<String> names, int from) {
    return from >= names.size() ? "" : String.join("/", names.subList(from, names.size()));
  }

  private static List<String> from(List<String> names, int from) {
    return from >= names.size() ? List.of() : names.subList(from, names.size());
  }

  private record Found(FlakeReference reference, List<String> leftOver) {}
}
