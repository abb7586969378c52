package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import dev.codchi.network.Bridges;
import dev.codchi.network.HostProxy;
import dev.codchi.network.HostTrust;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the store knows of the person's network: authorities, proxies, name servers. All of it is in
 * files that are mounted, so that they follow the host while the store runs.
 */
@ApplicationScoped
class StoreNetwork {
  /** Where authorities are in the store; the second place is nix's own when it knows no other. */
  private static final List<String> BUNDLES =
      List.of("etc/ssl/certs/ca-bundle.crt", "etc/ssl/certs/ca-certificates.crt");

  private static final Path HOST_RESOLV_CONF = Path.of("/etc/resolv.conf");

  /** What systemd-resolved asks itself, where the other file names only its stub (its manual). */
  private static final Path BEHIND_THE_STUB = Path.of("/run/systemd/resolve/resolv.conf");

  /** Tells name servers of the host, which change, from those of the bridge. */
  private static final String OF_THE_HOST = "# of the host\n";

  private static final int PRIVATE = 0600;

  private final Settings settings;
  private final Containers containers;
  private final HostTrust trust;
  private final HostProxy proxy;

  StoreNetwork(Settings settings, Containers containers, HostTrust trust, HostProxy proxy) {
    this.settings = settings;
    this.containers = containers;
    this.trust = trust;
    this.proxy = proxy;
  }

  /** Writes everything, before the store starts. Idempotent. */
  void write() {
    writeTrust();
    List<String> bridge = containers.nameservers();
    writeIfOther(
        root().resolve("etc/resolv.conf"), bridge.isEmpty() ? ofTheHost() : lines(bridge), 0644);
    writeProxy();
  }

  /**
   * Writes what has changed on the host since and what programs in the store notice by themselves,
   * while it runs. Looks at a few files when nothing has. Idempotent.
   */
  void update() {
    writeTrust();
    Path resolvConf = root().resolve("etc/resolv.conf");
    if (read(resolvConf).startsWith(OF_THE_HOST)) {
      writeIfOther(resolvConf, ofTheHost(), 0644);
    }
  }

  /** Whether {@link #writeProxy} would write other proxies than those of before. */
  boolean outdated() {
    return (proxy.present() || Files.exists(proxyFile())) && !proxies().equals(read(proxyFile()));
  }

  /**
   * The command that runs a program with the proxies in its environment. They are not given in the
   * environment itself, which the container daemon shows to everybody who may use it.
   */
  List<String> through(List<String> command) {
    if (!Files.exists(proxyFile())) {
      return command;
    }
    List<String> whole = new ArrayList<>(List.of("/data/store/through-proxy"));
    whole.addAll(command);
    return whole;
  }

  /** The program for {@link #through}, as a script for this shell. */
  static byte[] wrapper(String shell) {
    return """
    #!%s
    # Runs a program with the person's proxies in its environment.
    . /data/store/proxy
    exec "$@"
    """
        .formatted(shell)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Path root() {
    return settings.directories().data().resolve("store");
  }

  private Path proxyFile() {
    return root().resolve("proxy");
  }

  private void writeTrust() {
    Path marker = root().resolve("trust");
    String state = trust.state();
    if (state.equals(read(marker)) && Files.exists(root().resolve(BUNDLES.getFirst()))) {
      return;
    }
    HostTrust.Trust read = trust.read();
    // Where the host has no bundle, the one that comes with the store's tools is used.
    if (!read.authorities().isEmpty()) {
      byte[] pem = read.pem();
      BUNDLES.forEach(bundle -> WholeFile.write(root().resolve(bundle), pem, 0644));
    }
    WholeFile.write(marker, state, 0644);
  }

  /** Writes the person's proxies. Idempotent. A nix daemon that runs has read them already. */
  void writeProxy() {
    String text = proxies();
    try {
      if (text.isEmpty()) {
        Files.deleteIfExists(proxyFile());
        return;
      }
      writeIfOther(proxyFile(), text, PRIVATE);
      Person.current().own(proxyFile());
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot use " + proxyFile())
          .because(e.toString())
          .causedBy(e);
    }
  }

  private String proxies() {
    Map<String, String> variables = proxy.variables(Bridges.networks(containers::nameservers));
    return variables.entrySet().stream()
        .map(each ->
            "export " + each.getKey() + "='" + each.getValue().replace("'", "'\\''") + "'\n")
        .collect(Collectors.joining());
  }

  private static String ofTheHost() {
    String hosts = read(HOST_RESOLV_CONF);
    boolean stub =
        hosts.lines().anyMatch(line -> line.startsWith("nameserver 127."))
            && Files.isReadable(BEHIND_THE_STUB);
    return OF_THE_HOST + (stub ? read(BEHIND_THE_STUB) : hosts);
  }

  private static String lines(List<String> nameservers) {
    return nameservers.stream()
        .map(server -> "nameserver " + server + "\n")
        .collect(Collectors.joining());
  }

  private static String read(Path file) {
    return WholeFile.read(file)
        .map(content -> new String(content, StandardCharsets.UTF_8))
        .orElse("");
  }

  private static void writeIfOther(Path file, String text, int mode) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    if (WholeFile.read(file).map(old -> !Arrays.equals(old, content)).orElse(true)) {
      WholeFile.write(file, content, mode);
    }
  }
}
