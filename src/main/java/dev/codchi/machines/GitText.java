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
   * The parameters for nix. A commit about whose branch nothing is known may be in any branch:
   * servers that run git give it directly, from others everything has to be fetched.
   */
  static Map<String, String> nix(FlakeReference.OfGit reference) {
    boolean shallow = reference.fetch().shallow().orElse(reference.knownSmart());
    Map<String, String> parameters = state(reference.pin(), reference.directory());
    if (shallow) {
      parameters.put("shallow", "1");
    } else if (reference.pin() instanceof Pin.Commit commit && commit.branch().isEmpty()) {
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
