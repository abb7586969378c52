package dev.codchi.machines;

import dev.codchi.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one flake reference; see {@link FlakeReference#parse(String)}. */
final class ReferenceParser {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");
  private static final Pattern SCP =
      Pattern.compile("(?:([^@/:]*)@)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(?!//)(.+)");
  private static final Pattern CREDENTIALS_AND_HOST =
      Pattern.compile(
          "(?!(?i:github|gitlab|sourcehut|local|path|file|flake|ssh|git|https?|[a-z]+\\+[a-z]+):)"
              + "[^@/:]+:[^@/]+@[^@/]+/.*");
  private static final Pattern HOST_AND_PATH =
      Pattern.compile("(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}(?::[0-9]+)?/.+");
  private static final Pattern GIT_CLONE = Pattern.compile("(?:git\\s+clone\\s+)(\\S+)");
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}");

  private final String original;
  private final List<String> remarks = new ArrayList<>();
  private Optional<String> module = Optional.empty();
  private Optional<Credentials> credentials = Optional.empty();

  ReferenceParser(String original) {
    this.original = original;
  }

  ParsedReference parse() {
    String text = unwrapped(original.strip());
    if (text.isEmpty()) {
      throw ReferenceRules.bad("The flake reference is empty");
    }
    return new ParsedReference(reference(text), module, credentials, remarks);
  }

  private FlakeReference reference(String text) {
    if (text.startsWith("/")
        || text.startsWith("./")
        || text.startsWith("../")
        || text.equals(".")
        || text.equals("..")) {
      return hostPath(text);
    }
    if (text.equals("~") || text.startsWith("~/")) {
      remarks.add("Took '~' as the machine's home, not this computer's.");
      return local(text.length() > 2 ? text.substring(2) : "", false);
    }
    if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw fail("it has a space or a control character in it")
          .next("In an address a space is written %20.");
    }
    if (CREDENTIALS_AND_HOST.matcher(text).matches() || HOST_AND_PATH.matcher(text).matches()) {
      remarks.add("Guessed https://, since no protocol was given.");
      return new WebAddress(this, "https", text).reference();
    }
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches() && !scheme.group(1).contains(".")) {
      return withScheme(scheme.group(1).toLowerCase(Locale.ROOT), scheme.group(2), text);
    }
    Matcher scp = SCP.matcher(text);
    if (scp.matches()) {
      return scp(scp.group(1), scp.group(2), scp.group(3));
    }
    throw fail("it names neither a protocol nor a path")
        .next(
            text.matches("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
                ? "Write github:%s, ./%s for a directory here, or local:%s for one in the machine."
                    .formatted(text, text, text)
                : "Write a repository's address, ./DIRECTORY or local:DIRECTORY.");
  }

  private FlakeReference withScheme(String scheme, String rest, String text) {
    return switch (scheme) {
      case "github", "gitlab", "sourcehut" -> forge(scheme, rest);
      case "git+https", "git+http" -> git(scheme.substring(4), rest);
      case "git+ssh", "ssh" -> ssh(rest);
      case "http", "https" -> {
        if (!rest.startsWith("//")) {
          throw fail("'%s:' is followed by '//'".formatted(scheme));
        }
        yield new WebAddress(this, scheme, rest.substring(2)).reference();
      }
      case "tarball+http", "tarball+https", "tarball+file" ->
          tarball(scheme.substring("tarball+".length()), rest);
      case "file" ->
          FlakeReference.Tarball.isArchive(split(rest).path())
              ? tarball("file", rest)
              : fileUrl(rest, FlakeReference.HostPath.Kind.AUTOMATIC);
      case "git+file" -> fileUrl(rest, FlakeReference.HostPath.Kind.GIT);
      case "path" -> fileUrl(rest, FlakeReference.HostPath.Kind.PLAIN);
      case "local" -> local(rest, true);
      case "git", "git+git" ->
          throw fail("git's own protocol is neither encrypted nor checked")
              .next("Use the repository's https: or ssh: address.");
      case "flake", "indirect" ->
          throw fail("it is the name of a registry, which means something else elsewhere")
              .next("Write the repository itself, for example github:OWNER/REPO.");
      case "hg+https", "hg+http", "hg+ssh", "hg+file", "svn", "ftp", "sftp", "rsync" ->
          throw fail("codchi does not support '%s'".formatted(scheme))
              .next("Use a git repository or an archive over https.");
      default -> {
        Matcher scp = SCP.matcher(text);
        if (scp.matches() && !rest.startsWith("//")) {
          yield scp(scp.group(1), scp.group(2), scp.group(3));
        }
        throw fail("'%s' is not a protocol for flakes".formatted(scheme));
      }
    };
  }

  /** {@code github:OWNER/REPO[/REF]}, as nix writes it; GitLab's sub-groups are {@code a%2Fb}. */
  private FlakeReference forge(String scheme, String rest) {
    Parts parts = split(rest);
    if (rest.startsWith("//")) {
      throw fail("after '%s:' comes OWNER/REPO".formatted(scheme));
    }
    Parameters parameters = new Parameters(parts.query());
    String[] names = parts.path().replaceFirst("/+$", "").split("/", 3);
    if (names.length < 2 || names[0].isEmpty() || names[1].isEmpty()) {
      throw fail("after '%s:' comes OWNER/REPO".formatted(scheme));
    }
    String owner = UrlText.decode(names[0]);
    String repository = withoutGit(UrlText.decode(names[1]));
    if (names.length == 3) {
      if (parameters.has("ref") || parameters.has("rev")) {
        throw fail("it names a branch or commit twice, in its path and in its query");
      }
      String state = UrlText.decode(names[2]);
      parameters.put(HASH.matcher(state).matches() ? "rev" : "ref", state);
    }
    String host = parameters.take("host").orElse("");
    Pin pin = parameters.pin();
    String directory = parameters.take("dir").orElse("");
    parameters.finish("a " + scheme + " reference");
    return switch (scheme) {
      case "github" ->
          new FlakeReference.GitHub(
              host.isEmpty() ? FlakeReference.GitHub.PUBLIC : host,
              owner,
              repository,
              pin,
              directory);
      case "gitlab" ->
          new FlakeReference.GitLab(
              host.isEmpty() ? FlakeReference.GitLab.PUBLIC : host,
              owner,
              repository,
              pin,
              directory);
      default ->
          new FlakeReference.Sourcehut(
              host.isEmpty() ? FlakeReference.Sourcehut.PUBLIC : host,
              owner,
              repository,
              pin,
              directory);
    };
  }

  private FlakeReference git(String scheme, String rest) {
    Parts parts = split(rest);
    Authority authority = authority(parts.path(), scheme);
    Parameters parameters = new Parameters(parts.query());
    parameters.dropTokens(authority.host());
    FlakeReference reference =
        new FlakeReference.GitHttps(
            scheme.equals("https"),
            authority.host(),
            UrlText.decode(authority.path()),
            parameters.pin(),
            parameters.take("dir").orElse(""),
            parameters.fetch());
    parameters.finish("a git reference");
    return reference;
  }

  private FlakeReference ssh(String rest) {
    Parts parts = split(rest);
    if (!parts.path().startsWith("//")) {
      throw fail("'ssh:' is followed by '//'");
    }
    String path = parts.path().substring(2);
    int slash = path.indexOf('/');
    String where = slash < 0 ? path : path.substring(0, slash);
    int at = where.lastIndexOf('@');
    String user = at < 0 ? "" : where.substring(0, at);
    String host = where.substring(at + 1);
    int colon = user.indexOf(':');
    if (colon >= 0) {
      credentials =
          Optional.of(
              new Credentials(
                  host, user.substring(0, colon), UrlText.decode(user.substring(colon + 1))));
      remarks.add("Took the password out of the address; SSH uses your agent's keys instead.");
      user = user.substring(0, colon);
    }
    Parameters parameters = new Parameters(parts.query());
    FlakeReference reference =
        new FlakeReference.GitSsh(
            user,
            withoutDefaultPort(host, "22"),
            UrlText.decode(slash < 0 ? "" : path.substring(slash)),
            parameters.pin(),
            parameters.take("dir").orElse(""),
            parameters.fetch());
    parameters.finish("a git reference");
    return reference;
  }

  /** {@code git@host:path}, as git and every forge's clone button write it. */
  private FlakeReference scp(@Nullable String user, String host, String rest) {
    Parts parts = split(rest);
    String path = parts.path().startsWith("/") ? parts.path() : "/" + parts.path();
    if (user == null && path.contains("@")) {
      throw fail("it has credentials, but no protocol").next("Write https:// in front.");
    }
    if (path.matches("/[0-9]+/.*")) {
      remarks.add(
          "Took '%s' as a directory; a port is written ssh://%s:%s."
              .formatted(path.split("/", -1)[1], host, path.substring(1)));
    }
    Parameters parameters = new Parameters(parts.query());
    FlakeReference reference =
        new FlakeReference.GitSsh(
            user == null ? "" : user,
            host,
            path,
            parameters.pin(),
            parameters.take("dir").orElse(""),
            parameters.fetch());
    parameters.finish("a git reference");
    return reference;
  }

  private FlakeReference tarball(String scheme, String rest) {
    Parts parts = split(rest);
    Parameters parameters = new Parameters(parts.query());
    String address;
    if (scheme.equals("file")) {
      address = "file://" + UrlText.path(UrlText.decode(filePath(parts.path())));
    } else {
      Authority authority = authority(parts.path(), scheme);
      parameters.dropTokens(authority.host());
      ReferenceRules.repositoryPath(UrlText.decode(authority.path()));
      address =
          scheme
              + "://"
              + ReferenceRules.host(authority.host())
              + UrlText.path(UrlText.decode(authority.path()));
    }
    parameters.dropLocked();
    String directory = parameters.take("dir").orElse("");
    return new FlakeReference.Tarball(address + UrlText.query(parameters.rest()), directory);
  }

  /** {@code path:}, {@code git+file:}, {@code file:} with their one, two or three slashes. */
  private FlakeReference fileUrl(String rest, FlakeReference.HostPath.Kind kind) {
    Parts parts = split(rest);
    Parameters parameters = new Parameters(parts.query());
    parameters.dropLocked();
    FlakeReference reference =
        new FlakeReference.HostPath(
            UrlText.decode(filePath(parts.path())),
            kind,
            parameters.pin(),
            parameters.take("dir").orElse(""));
    parameters.finish("a directory");
    return reference;
  }

  private String filePath(String text) {
    if (text.startsWith("///")) {
      return text.substring(2);
    }
    if (text.startsWith("//localhost/")) {
      return text.substring("//localhost".length());
    }
    if (text.startsWith("//")) {
      throw fail("a file address has no host").next("Write file:///PATH.");
    }
    return text;
  }

  private FlakeReference hostPath(String text) {
    Parts parts = split(text);
    Parameters parameters = new Parameters(parts.query());
    FlakeReference reference =
        new FlakeReference.HostPath(
            parts.path(),
            FlakeReference.HostPath.Kind.AUTOMATIC,
            parameters.pin(),
            parameters.take("dir").orElse(""));
    parameters.finish("a directory");
    return reference;
  }

  private FlakeReference local(String rest, boolean encoded) {
    Parts parts = split(rest);
    Parameters parameters = new Parameters(parts.query());
    FlakeReference reference =
        new FlakeReference.Local(
            encoded ? UrlText.decode(parts.path()) : parts.path(),
            parameters.pin(),
            parameters.take("dir").orElse(""));
    parameters.finish("a directory in the machine");
    return reference;
  }

  /** Splits at '#' (kept as the module) and '?'. */
  Parts split(String text) {
    String address = text;
    int hash = text.indexOf('#');
    if (hash >= 0) {
      address = text.substring(0, hash);
      String fragment = UrlText.decode(text.substring(hash + 1));
      if (!fragment.isEmpty()) {
        module = Optional.of(fragment);
      }
    }
    int question = address.indexOf('?');
    return question < 0
        ? new Parts(address, "")
        : new Parts(address.substring(0, question), address.substring(question + 1));
  }

  /** Splits {@code //user:secret@host:port/path} and takes the credentials out. */
  Authority authority(String text, String scheme) {
    if (!text.startsWith("//")) {
      throw fail("'%s:' is followed by '//'".formatted(scheme));
    }
    String address = text.substring(2);
    int slash = address.indexOf('/');
    String where = slash < 0 ? address : address.substring(0, slash);
    String path = slash < 0 ? "" : address.substring(slash);
    int at = where.lastIndexOf('@');
    String host =
        withoutDefaultPort(where.substring(at + 1), scheme.equals("https") ? "443" : "80");
    if (at > 0) {
      takeCredentials(ReferenceRules.host(host), where.substring(0, at));
    }
    return new Authority(host.toLowerCase(Locale.ROOT), path);
  }

  private void takeCredentials(String host, String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = UrlText.decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String secret = colon < 0 ? "" : UrlText.decode(userInfo.substring(colon + 1));
    if (secret.isEmpty() && looksLikeToken(user)) {
      secret = user;
      user = "";
    }
    if (secret.isEmpty()) {
      remarks.add("Left out the user name in the address.");
    } else {
      keep(new Credentials(host, user, secret));
    }
  }

  void keep(Credentials found) {
    if (credentials.isPresent() && !credentials.get().equals(found)) {
      throw fail("it has two different credentials in it");
    }
    credentials = Optional.of(found);
    remarks.add(
        "Took the credentials for %s out of the address; they are kept as a secret."
            .formatted(found.host()));
  }

  /** Forges' tokens have known prefixes; other tokens are long. */
  private static boolean looksLikeToken(String user) {
    return user.matches("(?:gh[opsur]_|github_pat_|glpat-|gldt-|ATBB|x-token).*")
        || user.length() >= 20;
  }

  void remark(String sentence) {
    remarks.add(sentence);
  }

  /** Forgets a fragment that a browser made. */
  void dropFragment() {
    module.ifPresent(fragment -> remarks.add("Left out '#%s'.".formatted(fragment)));
    module = Optional.empty();
  }

  Optional<String> module() {
    return module;
  }

  Parameters parameters(String query) {
    return new Parameters(query);
  }

  static String withoutGit(String name) {
    return name.endsWith(".git") && name.length() > 4 ? name.substring(0, name.length() - 4) : name;
  }

  private static String withoutDefaultPort(String host, String port) {
    return host.endsWith(":" + port) ? host.substring(0, host.length() - port.length() - 1) : host;
  }

  private static String unwrapped(String text) {
    Matcher clone = GIT_CLONE.matcher(text);
    String address = clone.matches() ? clone.group(1) : text;
    boolean wrapped =
        address.length() > 2
            && ((address.startsWith("<") && address.endsWith(">"))
                || (address.startsWith("\"") && address.endsWith("\""))
                || (address.startsWith("'") && address.endsWith("'")));
    return wrapped ? address.substring(1, address.length() - 1).strip() : address;
  }

  Failure fail(String reason) {
    return ReferenceRules.bad(
            "'%s' is not a flake reference".formatted(UrlText.redacted(original.strip())))
        .because(reason);
  }

  record Parts(String path, String query) {}

  record Authority(String host, String path) {}

  /** The parameters of a query, taken one by one. */
  final class Parameters {
    private static final List<String> LOCKED = List.of("narHash", "lastModified", "revCount");
    private static final List<String> TOKENS =
        List.of("access_token", "private_token", "token", "password");

    private final Map<String, String> parameters;

    Parameters(String query) {
      parameters = UrlText.parameters(query);
    }

    boolean has(String key) {
      return parameters.containsKey(key);
    }

    void put(String key, String value) {
      parameters.put(key, value);
    }

    Optional<String> take(String key) {
      return Optional.ofNullable(parameters.remove(key)).filter(value -> !value.isEmpty());
    }

    /** From {@code ref}, {@code rev}, and the clearer {@code branch} and {@code tag}. */
    Pin pin() {
      Optional<String> ref = take("ref");
      Optional<String> branch = take("branch");
      if (ref.isPresent() && branch.isPresent()) {
        throw fail("it has 'ref' and 'branch' at once");
      }
      Pin named = ref.map(Pin::ofRef).orElse(Pin.latest());
      if (named instanceof Pin.Tag(String name)) {
        return Pin.of(branch, Optional.of(name), take("rev"));
      }
      if (named instanceof Pin.Ref) {
        if (has("rev") || has("tag")) {
          throw fail("it names two states of the repository at once");
        }
        return named;
      }
      return Pin.of(named.ref().or(() -> branch), take("tag"), take("rev"));
    }

    FlakeReference.GitFetch fetch() {
      parameters.remove("allRefs");
      dropLocked();
      return new FlakeReference.GitFetch(flag("shallow"), flag("submodules").orElse(false));
    }

    private Optional<Boolean> flag(String key) {
      return take(key)
          .map(value ->
              switch (value) {
                case "1", "true" -> true;
                case "0", "false" -> false;
                default -> throw fail("'%s' is 0 or 1".formatted(key));
              });
    }

    /** What a lock file adds; codchi keeps that in the lock file. */
    void dropLocked() {
      for (String key : LOCKED) {
        if (parameters.remove(key) != null) {
          remarks.add("Left out '%s'; the lock file keeps that.".formatted(key));
        }
      }
    }

    void dropTokens(String host) {
      for (String key : TOKENS) {
        take(key).ifPresent(secret -> keep(new Credentials(host, "", secret)));
      }
    }

    Map<String, String> rest() {
      return parameters;
    }

    /** Fails if something is left that nothing has taken. */
    void finish(String kind) {
      dropLocked();
      if (!parameters.isEmpty()) {
        throw fail(
            "%s has no parameter %s"
                .formatted(kind, "'" + String.join("', '", parameters.keySet()) + "'"));
      }
    }
  }
}
