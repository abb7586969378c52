package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the parts of a reference may look like. */
final class ReferenceRules {
  private static final Pattern HOST =
      Pattern.compile("(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

  private ReferenceRules() {}

  static Failure bad(String what) {
    return Failure.of(FailureCode.BAD_REFERENCE, what);
  }

  /** The host in lower case. */
  static String host(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    if (!HOST.matcher(host).matches() || host.contains("..")) {
      throw bad("The reference names no usable host")
          .because("'%s' is not a host".formatted(UrlText.redacted(text)));
    }
    int colon = host.lastIndexOf(':');
    if (KnownForges.hasPort(host) && !validPort(host.substring(colon + 1))) {
      throw bad("The reference names no usable port").because("ports are 1 to 65535");
    }
    return host;
  }

  private static boolean validPort(String digits) {
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535;
  }

  /** One name of a forge's address. */
  static void segment(String what, String text) {
    if (!SEGMENT.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw bad(text.isEmpty()
              ? "The reference has no " + what
              : "'%s' is not the name of a%s %s"
                  .formatted(UrlText.redacted(text), what.equals("owner") ? "n" : "", what))
          .because("forges take letters, digits, '.', '_' and '-'");
    }
  }

  /** A directory inside a repository, without '/' at its ends. */
  static String directory(String text) {
    return String.join("/", insideNames("directory", text));
  }

  /** A path inside the machine's home. */
  static String insideHome(String text) {
    if (text.startsWith("/")) {
      throw bad("'%s' is not a path inside the machine's home".formatted(UrlText.redacted(text)))
          .because("it is absolute")
          .next("Give it relative to the home directory, for example local:PROJECT.");
    }
    List<String> names = insideNames("path inside the machine's home", text);
    if (names.isEmpty()) {
      throw bad("The home directory itself cannot be the repository")
          .next("Give a directory in it, for example local:PROJECT.");
    }
    return String.join("/", names);
  }

  private static List<String> insideNames(String what, String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        throw bad("'%s' is not a %s".formatted(UrlText.redacted(text), what))
            .because("'..' would lead out of it");
      }
      noControl(name);
      names.add(name);
    }
    return names;
  }

  /** A repository's path on a server. */
  static void repositoryPath(String text) {
    noControl(text);
    if (!text.startsWith("/") || text.replace("/", "").isEmpty()) {
      throw bad("The reference names a server, but no repository on it");
    }
    if (List.of(text.split("/", -1)).contains("..")) {
      throw bad("The reference has '..' in its path");
    }
  }

  /** A directory of the host: absolute, or starting with '.'. */
  static String hostPath(String text, FlakeReference.HostPath.Kind kind) {
    noControl(text);
    boolean relative = text.equals(".") || text.equals("..") || text.matches("\\.\\.?/.*");
    if (!text.startsWith("/") && !relative) {
      throw bad("'%s' is not a path of this computer".formatted(UrlText.redacted(text)))
          .because("those start with '/', './' or '../'")
          .next("Write ./%s".formatted(UrlText.redacted(text)));
    }
    if (kind == FlakeReference.HostPath.Kind.GIT && relative) {
      throw bad("git+file: takes an absolute path").next("Write the path alone: " + text);
    }
    if (kind == FlakeReference.HostPath.Kind.AUTOMATIC
        && (text.indexOf('?') >= 0 || text.indexOf('#') >= 0 || text.matches(".*\\s/*"))) {
      throw bad("A path with '?' or '#' in it, or a space at its end, is not unmistakable")
          .next("Write it as a URL: path:" + UrlText.path(text));
    }
    String tidy = text.replaceAll("/+", "/");
    return tidy.length() > 1 && tidy.endsWith("/") ? tidy.substring(0, tidy.length() - 1) : tidy;
  }

  private static void noControl(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw bad("The reference has a control character in it");
    }
  }
}
