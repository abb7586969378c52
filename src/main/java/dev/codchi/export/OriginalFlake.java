package dev.codchi.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a flake in an archive without a description names, above all that of the original Codchi's
 * {@code tar}. It is read as text: nothing of a stranger's flake is evaluated.
 */
final class OriginalFlake {
  private static final Pattern INPUT =
      Pattern.compile("\"?([a-zA-Z0-9_-]{1,100})\"?\\.url\\s*=\\s*\"([^\"\\s]{1,500})\"");
  private static final Pattern MODULE =
      Pattern.compile(
          "inputs\\.\"?([a-zA-Z0-9_-]{1,100})\"?\\.((?:nixosModules|codchiModules)\\.[^\\s\\])]{1,200})");

  /** User and password, or a token, in front of the server. */
  private static final Pattern CREDENTIALS = Pattern.compile("://[^/@]*@");

  /** A repository in the home of the machine, as the original's store saw it. */
  private static final Pattern IN_HOME =
      Pattern.compile("git\\+file:///data/machine/[^/?]+/([^?]+).*");

  private OriginalFlake() {}

  /**
   * A module that the flake names.
   *
   * @param address where it comes from, without credentials
   * @param attribute the flake's output, for example {@code nixosModules.default}; empty when the
   *     flake does not say it in a known form
   * @param credentials whether the address had some
   */
  record Module(String address, Optional<String> attribute, boolean credentials) {}

  /** The modules in their order, but for codchi's own and nixpkgs. */
  static List<Module> modules(String flake) {
    Map<String, String> addresses = new LinkedHashMap<>();
    Matcher inputs = INPUT.matcher(flake);
    while (inputs.find()) {
      String name = inputs.group(1);
      if (!name.equals("nixpkgs")
          && !name.startsWith("codchi_driver")
          && !name.equals("codchi-driver")) {
        addresses.put(name, inputs.group(2));
      }
    }
    List<Module> found = new ArrayList<>();
    Map<String, String> unused = new LinkedHashMap<>(addresses);
    Matcher modules = MODULE.matcher(flake);
    while (modules.find()) {
      String address = addresses.get(modules.group(1));
      if (address != null) {
        found.add(module(address, Optional.of(modules.group(2))));
        unused.remove(modules.group(1));
      }
    }
    unused.values().forEach(address -> found.add(module(address, Optional.empty())));
    return found;
  }

  private static Module module(String address, Optional<String> attribute) {
    Matcher home = IN_HOME.matcher(address);
    if (home.matches()) {
      return new Module("local:" + home.group(1), attribute, false);
    }
    String open = CREDENTIALS.matcher(address).replaceFirst("://");
    return new Module(open, attribute, !open.equals(address));
  }
}
