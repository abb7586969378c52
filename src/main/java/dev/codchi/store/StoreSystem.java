package dev.codchi.store;

import dev.codchi.config.Directories;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.LogFile;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The few files that make the store's container a system: its first program and {@code /etc}. They
 * live on the host and are mounted, so writing them needs no call to the backend.
 */
final class StoreSystem {
  private static final String DEFAULT_PROFILE = "/nix/var/nix/profiles/default/bin";

  private final Settings settings;
  private final Person person;

  StoreSystem(Settings settings, Person person) {
    this.settings = settings;
    this.person = person;
  }

  /** Where the files are on the host; {@code /data/store} in the store. */
  private Path root() {
    return settings.directories().data().resolve("store");
  }

  /** What is mounted at {@code /etc}. */
  Path etc() {
    return root().resolve("etc");
  }

  /** Makes the directories that are mounted. Idempotent. */
  void makeDirectories() {
    Directories directories = settings.directories();
    for (Path path :
        List.of(
            directories.config(),
            directories.data(),
            directories.machines(),
            directories.config().resolve("driver"),
            directories.data().resolve("machine"),
            directories.logs(),
            directories.nix(),
            root(),
            root().resolve("home"),
            etc(),
            etc().resolve("nix"),
            etc().resolve("ssl"),
            etc().resolve("ssl/certs"))) {
      person.directory(path, "rwxr-xr-x");
    }
  }

  /** Puts a long log of the nix daemon aside, which is about to open it. Idempotent. */
  void limitLog() {
    Path log = settings.directories().logs().resolve("store.log");
    try {
      LogFile.limit(log);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot put " + log + " aside")
          .because(e.toString())
          .causedBy(e);
    }
  }

  /** Writes what changed. Idempotent. */
  void write(StoreRelease release) {
    Map<Path, byte[]> files = new LinkedHashMap<>();
    files.put(root().resolve("init"), release.init());
    files.put(root().resolve("through-proxy"), StoreNetwork.wrapper(release.shell()));
    files.put(
        etc().resolve("passwd"),
        text(
            """
            root:x:0:0:root:/root:/bin/sh
            codchi:x:1000:100:codchi:/data/store/home:/bin/sh
            nobody:x:65534:65534:nobody:/:/bin/false
            """));
    files.put(etc().resolve("group"), text("root:x:0:\nusers:x:100:\nnogroup:x:65534:\n"));
    files.put(etc().resolve("hosts"), text("127.0.0.1 localhost\n::1 localhost\n"));
    files.put(
        etc().resolve("nsswitch.conf"), text("passwd: files\ngroup: files\nhosts: files dns\n"));
    files.forEach(
        (path, content) -> writeIfOther(path, content, path.startsWith(etc()) ? 0644 : 0755));
    configure();
  }

  /** Whether {@link #configure} would write something else than what nix was given before. */
  boolean outdated() {
    return isOther(configuration(), text(nixConf()));
  }

  /**
   * Writes what nix takes from codchi's settings. Idempotent. A nix daemon that runs has read it
   * already.
   */
  void configure() {
    writeIfOther(configuration(), text(nixConf()), 0644);
  }

  private Path configuration() {
    return etc().resolve("nix/nix.conf");
  }

  private static void writeIfOther(Path file, byte[] content, int mode) {
    if (isOther(file, content)) {
      WholeFile.write(file, content, mode);
    }
  }

  private static boolean isOther(Path file, byte[] content) {
    return WholeFile.read(file).map(old -> !Arrays.equals(old, content)).orElse(true);
  }

  private String nixConf() {
    return """
    experimental-features = nix-command flakes
    build-users-group =
    sandbox = true
    sandbox-fallback = false
    trusted-users = root
    allowed-users = *
    substituters = %s
    trusted-public-keys = %s
    connect-timeout = 10
    warn-dirty = false
    flake-registry =
    """
        .formatted(
            settings.text(Setting.STORE_SUBSTITUTERS).orElse(""),
            settings.text(Setting.STORE_TRUSTED_PUBLIC_KEYS).orElse(""));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The environment of programs that run in the store for the person. */
  static Map<String, String> personEnvironment() {
    return Map.ofEntries(
        Map.entry("HOME", "/data/store/home"),
        Map.entry("USER", "codchi"),
        Map.entry("PATH", Store.TOOLS_PROFILE + "/bin:" + DEFAULT_PROFILE),
        Map.entry("NIX_REMOTE", "daemon"),
        Map.entry("NIX_SSL_CERT_FILE", "/etc/ssl/certs/ca-bundle.crt"),
        Map.entry("SSL_CERT_FILE", "/etc/ssl/certs/ca-bundle.crt"),
        Map.entry("GIT_SSL_CAINFO", "/etc/ssl/certs/ca-bundle.crt"),
        // Nobody can answer git or ssh in there; a question would hang for ever.
        Map.entry("GIT_TERMINAL_PROMPT", "0"),
        Map.entry("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
        Map.entry("LANG", "C.UTF-8"));
  }

  /** The environment of programs that run in the store as its root. */
  static Map<String, String> rootEnvironment() {
    Map<String, String> environment = new LinkedHashMap<>(personEnvironment());
    environment.put("HOME", "/root");
    environment.put("USER", "root");
    return environment;
  }
}
