package dev.codchi.network;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The person's proxies: those of the settings, else those of the environment, whose variables have
 * curl's meaning (lower case wins, {@code no_proxy} lists host suffixes). An address may hold a
 * password, so addresses go into private files and standard input only.
 */
@ApplicationScoped
public class HostProxy {
  /** What never goes through a proxy, whatever the person says. */
  private static final List<String> ALWAYS_DIRECT = List.of("localhost", "127.0.0.1", "::1");

  private static final List<String> SCHEMES = List.of("http", "https", "ftp", "all");

  private final Function<Setting, Optional<String>> settings;
  private final Map<String, String> environment;
  private final KnownValues known;

  /**
   * One proxy.
   *
   * @param host its name or address
   * @param port its port
   * @param user empty when it wants no password
   * @param password empty when it wants none
   */
  public record Server(String host, int port, String user, String password) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  @Inject
  HostProxy(Settings settings, KnownValues known) {
    this(settings::text, System.getenv(), known);
  }

  HostProxy(
      Function<Setting, Optional<String>> settings,
      Map<String, String> environment,
      KnownValues known) {
    this.settings = settings;
    this.environment = environment;
    this.known = known;
  }

  /**
   * The proxy that requests for an address go through; nothing where they go directly.
   *
   * @throws Failure {@code BAD_SETTINGS} when the proxy's own address makes no sense
   */
  public Optional<Server> of(URI address) {
    String host = address.getHost() == null ? "" : address.getHost();
    for (String excluded : exceptions()) {
      String suffix = excluded.startsWith(".") ? excluded.substring(1) : excluded;
      if (excluded.equals("*") || host.equals(suffix) || host.endsWith("." + suffix)) {
        return Optional.empty();
      }
    }
    return raw(String.valueOf(address.getScheme())).or(() -> raw("all")).map(this::server);
  }

  /** Whether there is any. */
  public boolean present() {
    return !addresses().isEmpty();
  }

  /** All proxies, without their passwords, for people. */
  public List<String> describe() {
    return addresses().values().stream()
        .map(address -> server(address).toString())
        .distinct()
        .toList();
  }

  /**
   * Whether one listens on this computer's loopback address only, where no container reaches it.
   */
  public boolean local() {
    return addresses().values().stream()
        .map(address -> server(address).host())
        .anyMatch(
            host -> host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]"));
  }

  /**
   * The variables for programs in a container: in lower and upper case, since programs differ.
   *
   * @param direct further hosts and networks that are reached without a proxy
   * @return empty when there is no proxy
   */
  public Map<String, String> variables(Collection<String> direct) {
    Map<String, String> variables = new LinkedHashMap<>();
    addresses()
        .forEach((scheme, address) -> {
          server(address);
          both(variables, scheme + "_proxy", address);
        });
    if (!variables.isEmpty()) {
      Set<String> exceptions = new LinkedHashSet<>(exceptions());
      exceptions.addAll(ALWAYS_DIRECT);
      exceptions.addAll(direct);
      both(variables, "no_proxy", String.join(",", exceptions));
    }
    return variables;
  }

  private static void both(Map<String, String> variables, String name, String value) {
    variables.put(name, value);
    variables.put(name.toUpperCase(Locale.ROOT), value);
  }

  private Map<String, String> addresses() {
    Map<String, String> found = new LinkedHashMap<>();
    for (String scheme : SCHEMES) {
      raw(scheme).ifPresent(address -> found.put(scheme, address));
    }
    return found;
  }

  private Optional<String> raw(String scheme) {
    Optional<String> set =
        switch (scheme) {
          case "http" -> settings.apply(Setting.PROXY_HTTP);
          case "https" -> settings.apply(Setting.PROXY_HTTPS);
          default -> Optional.empty();
        };
    if (set.isPresent() && set.get().contains("@")) {
      throw Failure.of(FailureCode.BAD_SETTINGS, "the settings hold a proxy's password")
          .because("settings are shown to everybody who asks")
          .next("Give it in the environment instead: https_proxy=http://USER:PASSWORD@HOST:PORT");
    }
    return set.or(() -> variable(scheme + "_proxy"))
        .filter(text -> !text.isBlank())
        .map(text -> text.contains("://") ? text : "http://" + text);
  }

  private List<String> exceptions() {
    String all = settings.apply(Setting.PROXY_EXCEPTIONS).or(() -> variable("no_proxy")).orElse("");
    List<String> found = new ArrayList<>(List.of(all.split("[,\\s]+", -1)));
    found.removeIf(String::isEmpty);
    return found;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(
        environment.getOrDefault(name, environment.get(name.toUpperCase(Locale.ROOT))));
  }

  private Server server(String address) {
    URI uri = parsed(address);
    String login = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
    int colon = login.indexOf(':');
    String user = decoded(colon < 0 ? login : login.substring(0, colon));
    String password = colon < 0 ? "" : login.substring(colon + 1);
    if (!password.isEmpty()) {
      known.remember(login.getBytes(StandardCharsets.UTF_8));
      known.remember(password.getBytes(StandardCharsets.UTF_8));
      known.remember(decoded(password).getBytes(StandardCharsets.UTF_8));
    }
    int usual = "https".equals(uri.getScheme()) ? 443 : 80;
    return new Server(
        uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort(), user, decoded(password));
  }

  private static URI parsed(String address) {
    try {
      URI uri = URI.create(address);
      if (uri.getHost() != null && address.chars().noneMatch(each -> each < ' ')) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // Its message quotes the address, with the password.
      Logger.getLogger(HostProxy.class).debug("a proxy's address is malformed");
    }
    throw Failure.of(FailureCode.BAD_SETTINGS, "the address of a proxy makes no sense")
        .because(
            "it is not SCHEME://[USER:PASSWORD@]HOST[:PORT], with '%' codes for odd characters")
        .next("Correct proxy.http, proxy.https, or the variables http_proxy and https_proxy.");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
