package dev.codchi.machines.secrets;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens of repositories in addresses, where the beta of codchi kept them: as the parameter {@code
 * token} of a module's address, and before the server's name in what it generated for nix. Names of
 * accounts in addresses of SSH are none.
 */
final class AddressTokens {
  /** An address of a repository: scheme, what stands before {@code @}, server, the rest. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\b((?:git\\+)?https?|github|gitlab|sourcehut)://(?:([^\\s\"'/?#@]+)@)?([^\\s\"'/?#@\\\\]+)([^\\s\"'\\\\]*)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PARAMETER = Pattern.compile("([?&])token=([^&#]*)(&?)");

  private AddressTokens() {}

  /**
   * A token in an address.
   *
   * @param server whose it is, as a token's name: lower case, with the port
   * @param secret {@code USER:TOKEN}, or the token alone
   */
  record Token(String server, String secret) {
    /** Never the token. */
    @Override
    public String toString() {
      return "token of " + server;
    }
  }

  /** All tokens in a text, in order, each once. */
  static List<Token> in(String text) {
    List<Token> found = new ArrayList<>();
    walk(
        text,
        token -> {
          if (!found.contains(token)) {
            found.add(token);
          }
          return false;
        });
    return found;
  }

  /** The text with the addresses of these tokens without them. */
  static String without(String text, Predicate<Token> which) {
    return walk(text, which);
  }

  private static String walk(String text, Predicate<Token> drop) {
    Matcher address = ADDRESS.matcher(text);
    StringBuilder rest = new StringBuilder();
    while (address.find()) {
      String server = address.group(3).toLowerCase(Locale.ROOT);
      String user = address.group(2);
      boolean dropped = user != null && drop.test(new Token(server, decoded(user)));
      String clean =
          address.group(1)
              + "://"
              + (user == null || dropped ? "" : user + "@")
              + address.group(3)
              + parameters(server, address.group(4), drop);
      address.appendReplacement(rest, Matcher.quoteReplacement(clean));
    }
    return address.appendTail(rest).toString();
  }

  private static String parameters(String server, String path, Predicate<Token> drop) {
    Matcher parameter = PARAMETER.matcher(path);
    if (!parameter.find() || parameter.group(2).isEmpty()) {
      return path;
    }
    if (!drop.test(new Token(server, decoded(parameter.group(2))))) {
      return path;
    }
    // The beta writes the question mark even where nothing follows, and insists on it.
    return path.substring(0, parameter.start())
        + parameter.group(1)
        + path.substring(parameter.end());
  }

  /** A token with its percent signs decoded, as git does; as it stands where they are none. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException literal) {
      return text;
    }
  }
}
