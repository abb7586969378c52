package dev.codchi.machines;

import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters of repositories that git fetches. */
final class GitText {
  private GitText() {}

  /** The state as parameters, in a fixed order. */
  static Map<String, String> state(Pin pin, String directory) {
    Map<String, String> parameters = new LinkedHashMap<>();
    pin.ref().ifPresent(ref -> parameters.put("ref", ref));
    pin.commit().ifPresent(id -> parameters.put("rev", id));
    ForgeText.putDirectory(parameters, directory);
    return parameters;
  }

  static Map<String, String> printed(FlakeReference.OfGit reference) {
    Map<String, String> parameters = state(reference.pin(), reference.directory());
    reference.fetch().shallow().ifPresent(s -> parameters.put("shallow", s ? "1" : "0"));
    if (reference.fetch().submodules()) {
      parameters.put("submodules", "1");
    }
    return parameters;
  }

  /**
   * The parameters for nix. A commit that is not a tip is given directly only by servers that talk
   * git's protocol version 2, as forges do; from others everything has to be fetched.
   */
  static Map<String, String> nix(FlakeReference.OfGit reference) {
    boolean commit = reference.pin() instanceof Pin.Commit;
    boolean able = commit ? KnownForges.speaksSmartHttp(reference.host()) : reference.knownSmart();
    boolean shallow = reference.fetch().shallow().orElse(able);
    Map<String, String> parameters = state(reference.pin(), reference.directory());
    if (shallow) {
      parameters.put("shallow", "1");
    } else if (commit) {
      parameters.put("allRefs", "1");
    }
    if (reference.fetch().submodules()) {
      parameters.put("submodules", "1");
    }
    return parameters;
  }

  /** The last name of a path, without endings of repositories and archives; may be empty. */
  static String lastName(String path) {
    String name = path.replaceFirst("/+$", "");
    name = UrlText.decode(name.substring(name.lastIndexOf('/') + 1));
    for (String ending : FlakeReference.Tarball.ENDINGS) {
      if (name.endsWith(ending)) {
        return name.substring(0, name.length() - ending.length());
      }
    }
    return name.endsWith(".git") ? name.substring(0, name.length() - 4) : name;
  }
}
