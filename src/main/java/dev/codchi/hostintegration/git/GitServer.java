package dev.codchi.hostintegration.git;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web server that git asks passwords for. Two that git would connect to in the same way are
 * equal, and nothing else is: names are ASCII, in lower case, and without a part that could be
 * taken for another server's name.
 *
 * @param secure https; else plain http
 * @param host a name or an address, IPv6 in brackets
 * @param port the one that is connected to
 */
record GitServer(boolean secure, String host, int port) {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final int LONGEST = 253;

  /**
   * A host as RFC 1123 has it, with the '_' that some networks use, or an IPv6 address as RFC 3986
   * writes it; then a port. ASCII only: lower case of some other letters is ASCII.
   */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?<host>[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
              + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*"
              + "|\\[[0-9A-Fa-f:.]{2,45}])(:(?<port>[1-9][0-9]{0,4}))?");

  /**
   * What a person wrote: {@code HOST[:PORT]}, with or without {@code https://} before it, or {@code
   * http://HOST[:PORT]}.
   *
   * @throws Failure {@code BAD_USAGE}
   */
  static GitServer named(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean plain = lower.startsWith("http://");
    int scheme =
        plain ? "http://".length() : lower.startsWith("https://") ? "https://".length() : 0;
    String authority = text.substring(scheme);
    if (scheme > 0 && authority.endsWith("/")) {
      authority = authority.substring(0, authority.length() - 1);
    }
    return of(!plain, authority)
        .orElseThrow(() ->
            Failure.of(FailureCode.BAD_USAGE, "a server is not written as HOST or HOST:PORT")
                .because(
                    "a server has no user, path or letters outside of ASCII (write xn--... for"
                        + " those)")
                .next("Give for example --server github.com or --server http://localhost:3000."));
  }

  /**
   * The server of a question, in the words of git-credential(1); nothing where they name none.
   *
   * @param authority the attribute {@code host}, which holds the port, too
   */
  static Optional<GitServer> of(String protocol, String authority) {
    return switch (protocol) {
      case "https" -> of(true, authority);
      case "http" -> of(false, authority);
      default -> Optional.empty();
    };
  }

  private static Optional<GitServer> of(boolean secure, String authority) {
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches() || matcher.group("host").length() > LONGEST) {
      return Optional.empty();
    }
    String port = matcher.group("port");
    int number = port == null ? standard(secure) : Integer.parseInt(port);
    return number > 0xFFFF
        ? Optional.empty()
        : Optional.of(
            new GitServer(secure, matcher.group("host").toLowerCase(Locale.ROOT), number));
  }

  private static int standard(boolean secure) {
    return secure ? HTTPS : HTTP;
  }

  /** What git calls the protocol. */
  String protocol() {
    return secure ? "https" : "http";
  }

  /** What git calls the host: with a port unless it is the protocol's own. */
  String authority() {
    return port == standard(secure) ? host : host + ":" + port;
  }

  /** What {@link #named} reads back, in the shortest way. */
  @Override
  public String toString() {
    return secure ? authority() : "http://" + authority();
  }
}
