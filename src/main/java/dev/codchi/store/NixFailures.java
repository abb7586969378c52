package dev.codchi.store;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.store.nixlog.NixErrors;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands why nix failed, from its own words. Nix often says less than git did before it: an
 * unreachable, missing or private repository all end in "revspec 'master' not found", so git's
 * words come first. The wordings are those of nix 2.26 to 2.35, git 2.39 to 2.47 and curl 8.
 */
public final class NixFailures {
  private static final Pattern FETCHED = Pattern.compile("while fetching the input '([^']*)'");
  private static final Pattern POSITION = Pattern.compile("(?m)^\\s*at (\\S+):(\\d+):(\\d+):$");
  private static final Pattern ERROR = Pattern.compile("(?:(?m:^)\\s*|exception: )error:\\s");
  private static final Pattern PREFIX = Pattern.compile("^(?:fatal|ssh|warning): ");
  private static final Pattern DEFINITION = Pattern.compile("(?m)^\\s*- In `([^'`]+)'");
  private static final Pattern THROWN =
      Pattern.compile("while calling the 'throw' builtin\\s+at (\\S+):(\\d+):(\\d+):");
  private static final Pattern MISMATCH =
      Pattern.compile("mismatch in field '([^']*)' of input '.*?\"url\":\"([^\"]*)\"");
  private static final Pattern SOURCE = Pattern.compile("/nix/store/[0-9a-z]{32}-[^/\\s']*source/");
  private static final Pattern FULL =
      Pattern.compile("No space left on device|database or disk is full|[Dd]isk quota exceeded");
  private static final Pattern DAEMON =
      Pattern.compile(
          "cannot connect to (?:socket|daemon)|Nix daemon disconnected|cannot open connection to remote store");
  private static final Pattern TLS =
      Pattern.compile(
          "SSL peer certificate|certificate verification failed|certificate signer not trusted"
              + "|SSL certificate problem|self[- ]signed certificate|unable to get local issuer");
  private static final Pattern NETWORK =
      Pattern.compile(
          "(?i)could not resolve host|couldn't resolve|couldn't connect|could not connect to server"
              + "|failed to connect to|connection refused|connection reset|timed out"
              + "|timeout was reached|network is unreachable|no route to host"
              + "|temporary failure in name resolution|returned error: 5\\d\\d|HTTP error 5\\d\\d"
              + "|could not resolve proxy|empty reply from server|early EOF");
  private static final Pattern CREDENTIALS =
      Pattern.compile(
          "could not read (?:Username|Password)|Authentication failed|Permission denied \\("
              + "|HTTP error 40[13]|returned error: 40[13]|Bad credentials|HTTP Basic: Access denied");
  private static final Pattern HOST_KEY =
      Pattern.compile("Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED");
  private static final Pattern NO_REPOSITORY =
      Pattern.compile(
          "repository '[^']*' not found|does not appear to be a git repository|HTTP error 404"
              + "|returned error: 404|ERROR: Repository not found|not a git repository");
  private static final Pattern NO_REVISION =
      Pattern.compile(
          "revspec '([^']*)' not found|couldn't find remote ref (\\S+)"
              + "|no match for id \\(([0-9a-f]+)\\)|Cannot find Git revision '([^']*)'");
  private static final Pattern HASH =
      Pattern.compile(
          "hash mismatch in (?:fixed-output derivation|file downloaded from) '([^']*)':\\s*"
              + "specified:\\s*(\\S+)\\s*got:\\s*(\\S+)");
  private static final Pattern BUILDER =
      Pattern.compile(
          "(?:builder for|Cannot build) '([^']+\\.drv)'(?:\\.\\s*Reason: (?:builder )?|\\s+)"
              + "([^\\n;]*)");
  private static final Pattern MISSING_FILE =
      Pattern.compile(
          "(?:path '|access to path '|getting status of '|opening file ')"
              + "/nix/store/[0-9a-z]{32}-[^/']*source/([^']+)'(?: does not exist|: No such file.*)");
  private static final Pattern UNTRACKED =
      Pattern.compile("[Pp]ath '([^']*)' (?:in the repository \"[^\"]*\" )?is not tracked by Git");
  private static final Pattern NO_ATTRIBUTE =
      Pattern.compile("flake '([^']*)' does not provide attribute (.*)");
  private static final Pattern MISSING = Pattern.compile("attribute '([^']*)' missing");
  private static final Pattern MODULE_OF_INPUT =
      Pattern.compile(
          "while evaluating the attribute '(m-[\\w-]+\\.(?:nixos|codchi)Modules\\.[^']*)'");
  private static final Pattern MODULES_OF_INPUT =
      Pattern.compile("inputs\\.(m-[\\w-]+\\.(?:nixos|codchi)Modules\\S*)");
  private static final Pattern LOCK =
      Pattern.compile(
          "requires lock file changes|mismatch in field '[^']*' of input|NAR hash mismatch in input"
              + "|cannot update unlocked flake input|lock file contains (?:unlocked|mutable)"
              + "|follows a non-existent input|unsupported lock file|json\\.exception\\.parse_error");
  private static final Pattern PLATFORM =
      Pattern.compile("(?:a '([^']+)' with features|[Rr]equired system: '([^']+)')");

  private NixFailures() {}

  /**
   * The failure that nix's words amount to.
   *
   * @param status the status that nix ended with
   */
  public static Failure of(NixErrors words, int status) {
    String errors = String.join("\n", words.errors());
    String foreign = String.join("\n", words.foreign());
    if (errors.isEmpty()) {
      errors = foreign;
    }
    return new NixFailures.Case(words, errors, foreign + "\n" + errors, status).failure();
  }

  private record Case(NixErrors words, String errors, String all, int status) {
    Failure failure() {
      if (errors.contains("interrupted by the user")) {
        return Failure.of(FailureCode.INTERRUPTED, "nix was interrupted");
      }
      if (found(DAEMON, errors)) {
        return failure(FailureCode.STORE_START, "The nix daemon does not answer");
      }
      Matcher hash = HASH.matcher(errors);
      if (hash.find()) {
        return Failure.of(
                FailureCode.NIX_HASH,
                "The content of '%s' is not what was specified".formatted(name(hash.group(1))))
            .because("specified is %s, got %s".formatted(hash.group(2), hash.group(3)));
      }
      Matcher builder = BUILDER.matcher(errors);
      if (builder.find()) {
        return build(builder);
      }
      if (found(FULL, errors)) {
        return failure(FailureCode.DISK_FULL, "The disk of the store is full");
      }
      return fetching().or(this::flake).orElseGet(this::evaluation);
    }

    private Failure build(Matcher builder) {
      String derivation = builder.group(1);
      List<String> log = words.log(derivation);
      String tail = String.join("\n", log);
      if (found(FULL, errors) || found(FULL, tail)) {
        return failure(
                FailureCode.DISK_FULL, "The disk was full while building " + name(derivation))
            .because(log.isEmpty() ? lastError() : log.getLast());
      }
      String reason = builder.group(2).strip().replaceFirst(" at '/.*$", "");
      String why = reason.isEmpty() ? "nix says no more" : "its builder " + reason;
      return Failure.of(FailureCode.NIX_BUILD, "Building '%s' failed".formatted(name(derivation)))
          .because(log.isEmpty() ? why : why + "; its last lines:\n" + tail);
    }

    private Optional<Failure> fetching() {
      if (found(TLS, all)) {
        return Optional.of(
            failure(FailureCode.NIX_TLS, "The certificate of the server of %s is not trusted"));
      }
      if (found(HOST_KEY, all)) {
        return Optional.of(
            failure(
                    FailureCode.NIX_CREDENTIALS,
                    "The SSH host key of the server of %s is not known")
                .next("Connect to the server once with ssh and check its key."));
      }
      if (found(CREDENTIALS, all)) {
        return Optional.of(failure(FailureCode.NIX_CREDENTIALS, "The server refuses access to %s"));
      }
      if (found(NO_REPOSITORY, all)) {
        return Optional.of(failure(FailureCode.NIX_NO_REPOSITORY, "There is no repository at %s"));
      }
      if (found(NETWORK, all)) {
        return Optional.of(failure(FailureCode.NIX_NETWORK, "The server of %s cannot be reached"));
      }
      if (all.contains("does not support shallow capabilities")) {
        return Optional.of(
            Failure.of(
                    FailureCode.BAD_REFERENCE,
                    "The server of %s cannot give a part of the history".formatted(source()))
                .because("it offers plain files and does not run git")
                .next("Leave out '?shallow=1', or say '?shallow=0'."));
      }
      Matcher revision = NO_REVISION.matcher(errors);
      if (revision.find()) {
        String wanted = firstGroup(revision);
        return Optional.of(
            Failure.of(
                    FailureCode.NIX_NO_REPOSITORY,
                    "The repository %s has no '%s'".formatted(source(), wanted))
                .because("no branch, tag or commit is called so")
                .next("Check --branch, --tag and --commit, or '?ref=' and '?rev='."));
      }
      if (found(FETCHED, errors) && errors.contains("does not exist")) {
        return Optional.of(failure(FailureCode.NIX_NO_REPOSITORY, "There is nothing at %s"));
      }
      return Optional.empty();
    }

    private Optional<Failure> flake() {
      Matcher untracked = UNTRACKED.matcher(errors);
      if (untracked.find()) {
        return Optional.of(notInGit(untracked.group(1)));
      }
      Matcher missing = MISSING_FILE.matcher(errors);
      if (missing.find()) {
        String file = missing.group(1);
        if (file.equals("flake.nix") || file.endsWith("/flake.nix")) {
          return Optional.of(
              Failure.of(FailureCode.NIX_NO_FLAKE, "The repository has no %s".formatted(file))
                  .because("it is not there, or git does not know it")
                  .next("Add %s with nixosModules.NAME, run 'git add' on it.".formatted(file)));
        }
        return Optional.of(notInGit(file));
      }
      if (errors.contains("lacks attribute 'outputs'")
          || errors.contains("has an unsupported attribute")) {
        return Optional.of(
            failure(FailureCode.NIX_NO_FLAKE, "The repository's flake.nix is no flake"));
      }
      if (found(LOCK, errors)) {
        boolean follows = errors.contains("follows a non-existent input");
        Matcher mismatch = MISMATCH.matcher(errors);
        if (mismatch.find()) {
          return Optional.of(
              Failure.of(FailureCode.NIX_LOCK, "The lock file does not fit")
                  .because(
                      "its %s for %s is not what is there now"
                          .formatted(mismatch.group(1), mismatch.group(2))));
        }
        return Optional.of(
            failure(
                    FailureCode.NIX_LOCK,
                    follows
                        ? "The machine follows an input that the module does not have"
                        : "The lock file does not fit")
                .next(
                    follows
                        ? "Choose codchi's nixpkgs with --use-nixpkgs local."
                        : FailureCode.NIX_LOCK.advice()));
      }
      Matcher attribute = NO_ATTRIBUTE.matcher(errors);
      if (attribute.find()) {
        String offers = attribute.group(2);
        String wanted = offers.substring(offers.lastIndexOf(" '") + 1);
        return Optional.of(
            Failure.of(FailureCode.NIX_NO_MODULE, "The flake offers no " + wanted)
                .because("'%s' does not have it".formatted(attribute.group(1))));
      }
      if (found(MISSING, errors)) {
        for (Pattern pattern : List.of(MODULE_OF_INPUT, MODULES_OF_INPUT)) {
          Matcher module = pattern.matcher(errors);
          if (module.find()) {
            String path = module.group(1).replaceFirst("^m-", "").replaceFirst(";.*$", "");
            String input = path.substring(0, path.indexOf('.'));
            return Optional.of(
                Failure.of(
                        FailureCode.NIX_NO_MODULE,
                        "The flake of module '%s' has no %s"
                            .formatted(input, path.substring(path.indexOf('.') + 1)))
                    .because(lastError()));
          }
        }
      }
      return Optional.empty();
    }

    private Failure evaluation() {
      Matcher platform = PLATFORM.matcher(errors);
      if (platform.find()) {
        return failure(
                FailureCode.NIX_BUILD,
                "Something has to be built for another platform, %s"
                    .formatted(firstGroup(platform)))
            .next("Use modules and packages for this computer's platform.");
      }
      if (errors.contains("there is no substituter that can build it")) {
        String why =
            words.warnings().stream()
                .filter(warning -> warning.contains("not signed"))
                .findFirst()
                .orElse(errors);
        return Failure.of(FailureCode.NIX_NETWORK, "A needed path is in no cache")
            .because(message(why))
            .next("Check store.substituters and store.trusted_public_keys.");
      }
      if (errors.isBlank()) {
        return Failure.of(
            FailureCode.NIX_BUILD, "nix ended with status %d and said nothing".formatted(status));
      }
      String position = position().map(at -> " at " + at).orElse("");
      return Failure.of(
              FailureCode.NIX_EVALUATION,
              (errors.contains("syntax error")
                      ? "The module has a syntax error"
                      : "The module cannot be evaluated")
                  + position)
          .because(lastError());
    }

    private Failure failure(FailureCode code, String what) {
      return Failure.of(code, what.formatted(source())).because(cause());
    }

    /** The line that says why: git's, if it said something, else nix's. */
    private String cause() {
      for (String line : words.foreign()) {
        for (Pattern pattern : List.of(TLS, HOST_KEY, CREDENTIALS, NO_REPOSITORY, NETWORK)) {
          if (found(pattern, line)) {
            return message(line);
          }
        }
      }
      return lastError();
    }

    private Failure notInGit(String file) {
      return Failure.of(FailureCode.NIX_NOT_IN_GIT, "'%s' is not in the repository".formatted(file))
          .because("nix sees only files that git knows, and git does not know this one")
          .next("Run 'git add %s', or correct the path.".formatted(file));
    }

    private String source() {
      Matcher fetched = FETCHED.matcher(errors);
      return fetched.find() ? "'" + fetched.group(1) + "'" : "the flake";
    }

    /**
     * Where it is, as far as that is a file that people can edit: what nix says about the error
     * itself, or the definition that an option complains about, or the call of {@code throw}. The
     * rest of a trace names the module system's own files.
     */
    private Optional<String> position() {
      Matcher at = POSITION.matcher(errors.substring(lastErrorStart(errors)));
      if (at.find()) {
        return position(at);
      }
      Matcher definition = DEFINITION.matcher(errors);
      if (definition.find()) {
        return Optional.of(SOURCE.matcher(definition.group(1)).replaceFirst(""));
      }
      Matcher thrown = THROWN.matcher(errors);
      return thrown.find() && !errors.contains("Failed assertions")
          ? position(thrown)
          : Optional.empty();
    }

    private static Optional<String> position(Matcher at) {
      String file = at.group(1);
      return file.startsWith("«") || file.startsWith("<")
          ? Optional.empty()
          : Optional.of(
              SOURCE.matcher(file).replaceFirst("") + ":" + at.group(2) + ":" + at.group(3));
    }

    /** What stands after the last "error:", without the trace before it. */
    private String lastError() {
      return message(errors);
    }
  }

  /** Where the last error's own text begins; what is before it is the trace. */
  private static int lastErrorStart(String text) {
    int start = 0;
    Matcher error = ERROR.matcher(text);
    while (error.find()) {
      start = error.end();
    }
    return start;
  }

  private static String message(String text) {
    int start = lastErrorStart(text);
    String message = text.substring(start).strip();
    if (text.substring(0, start).endsWith("exception: error: ") && message.endsWith(")")) {
      message = message.substring(0, message.length() - 1);
    }
    Matcher position = POSITION.matcher(message);
    if (position.find()) {
      int hint = message.indexOf("Did you mean");
      message =
          message.substring(0, position.start()).strip()
              + (hint < 0 ? "" : " (" + message.substring(hint).strip() + ")");
    }
    return SOURCE.matcher(PREFIX.matcher(message).replaceFirst("")).replaceAll("");
  }

  private static String firstGroup(Matcher matcher) {
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    return matcher.group();
  }

  private static boolean found(Pattern pattern, String text) {
    return pattern.matcher(text).find();
  }

  private static String name(String derivation) {
    return derivation.replaceFirst("^.*/[0-9a-z]{32}-", "").replaceFirst("\\.drv$", "");
  }
}
