package dev.codchi.machines;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How repositories on forges are written. */
final class ForgeText {
  /** The references that nix takes for forges (its {@code refRegexS}); others need git. */
  private static final Pattern NIX_REF = Pattern.compile("[a-zA-Z0-9@][a-zA-Z0-9_./@+-]*");

  /** The hosts that nix takes for forges; a port needs git. */
  private static final Pattern NIX_HOST = Pattern.compile("[a-zA-Z0-9.-]*");

  private ForgeText() {}

  static String print(String scheme, String publicHost, FlakeReference.OfForge reference) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!reference.host().equals(publicHost)) {
      parameters.put("host", reference.host());
    }
    parameters.putAll(GitText.state(reference.pin(), reference.directory()));
    return scheme + ":" + names(reference) + UrlText.query(parameters);
  }

  /**
   * The forge's own form where nix takes it: it downloads an archive and needs no git. Sub-groups
   * go through git, because nix 2.26 reads {@code gitlab:group%2Fsub/repository} as repository
   * {@code sub} with branch {@code repository}; so do hosts with a port, which it does not take.
   */
  static String nix(String scheme, String publicHost, FlakeReference.OfForge reference) {
    Pin pin = reference.pin();
    Optional<String> ref = pin instanceof Pin.Commit ? Optional.empty() : pin.ref();
    if (reference instanceof FlakeReference.Sourcehut && pin instanceof Pin.Tag(String name)) {
      // Nix looks the name up among both the heads and the tags there.
      ref = Optional.of(name);
    }
    boolean nixTakesIt =
        !reference.owner().contains("/")
            && NIX_HOST.matcher(reference.host()).matches()
            && ref.map(r -> NIX_REF.matcher(r).matches()).orElse(true);
    if (!nixTakesIt) {
      return asGit(reference).toNix(NoPlaces.NONE);
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!reference.host().equals(publicHost)) {
      parameters.put("host", reference.host());
    }
    ref.ifPresent(r -> parameters.put("ref", r));
    pin.commit().ifPresent(id -> parameters.put("rev", id));
    putDirectory(parameters, reference.directory());
    return scheme + ":" + names(reference) + UrlText.query(parameters);
  }

  /** The same repository for git itself. */
  static FlakeReference.GitHttps asGit(FlakeReference.OfForge reference) {
    String suffix = reference instanceof FlakeReference.Sourcehut ? "" : ".git";
    return new FlakeReference.GitHttps(
        true,
        reference.host(),
        "/" + reference.owner() + "/" + reference.repository() + suffix,
        reference.pin(),
        reference.directory(),
        new FlakeReference.GitFetch(Optional.of(true), false));
  }

  private static String names(FlakeReference.OfForge reference) {
    return UrlText.path(reference.owner()).replace("/", "%2F")
        + "/"
        + UrlText.path(reference.repository());
  }

  static void putDirectory(Map<String, String> parameters, String directory) {
    if (!directory.isEmpty()) {
      parameters.put("dir", directory);
    }
  }

  private enum NoPlaces implements NixPlaces {
    NONE;

    @Override
    public String machineHome() {
      throw new IllegalStateException();
    }

    @Override
    public String hostDirectory(String absolutePath) {
      throw new IllegalStateException();
    }

    @Override
    public boolean isGit(String absolutePath) {
      throw new IllegalStateException();
    }

    @Override
    public boolean isShallow(String path) {
      throw new IllegalStateException();
    }
  }
}
