package dev.codchi.config;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every setting, documented once. Help, {@code codchi config list}, {@code docs/configuration.md}
 * and validation are made from this list.
 */
public enum Setting {
  DATA_DIR(
      "data_dir",
      Kind.PATH,
      null,
      "Where the nix store, the machines' homes and the logs live; must be an absolute path."),
  INSTANCE_PREFIX(
      "instance_prefix",
      Kind.IDENTIFIER,
      "codchi",
      "First part of the names of codchi's containers; two codchi installations on one daemon need different ones."),
  NIXPKGS(
      "nixpkgs",
      Kind.TEXT,
      "github:NixOS/nixpkgs/nixos-26.05",
      "Flake reference of the nixpkgs used by machines whose modules do not bring their own, and by the store's tools."),
  STORE_NIX_URL(
      "store.nix_url",
      Kind.URL,
      "https://releases.nixos.org/nix/nix-2.35.2/nix-2.35.2-x86_64-linux.tar.xz",
      "The Nix release tarball that the store is made from (https, http or file)."),
  STORE_NIX_SHA256(
      "store.nix_sha256",
      Kind.SHA256,
      null,
      "SHA-256 of that tarball, in hexadecimal; needed for every tarball but the default one."),
  STORE_SUBSTITUTERS(
      "store.substituters",
      Kind.TEXT,
      "https://cache.nixos.org",
      "Binary caches, separated by spaces; empty for none."),
  STORE_TRUSTED_PUBLIC_KEYS(
      "store.trusted_public_keys",
      Kind.TEXT,
      "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
      "Keys that binary caches sign with, separated by spaces."),
  LXD_SOCKET(
      "lxd.socket", Kind.PATH, null, "Unix socket of LXD or Incus; found by itself when not set."),
  LXD_POOL(
      "lxd.pool",
      Kind.TEXT,
      null,
      "Storage pool for containers; that of the default profile, or the only one, when not set."),
  LXD_NETWORK(
      "lxd.network",
      Kind.TEXT,
      null,
      "Bridge for containers; that of the default profile, or the first managed one, when not set."),
  SECRETS_PROVIDER(
      "secrets.provider",
      Kind.TEXT,
      null,
      "Who keeps the keys of secrets: keyring (on Windows dpapi), passphrase or keyfile; the first when not set."),
  SECRETS_KEY_FILE(
      "secrets.key_file",
      Kind.PATH,
      null,
      "Key file of the provider keyfile; secrets.key in the configuration directory when not set."),
  SECRETS_PASSPHRASE_FILE(
      "secrets.passphrase_file",
      Kind.PATH,
      null,
      "File with the passphrase of the provider passphrase; it is asked for when not set."),
  SECRETS_COMMAND(
      "secrets.command",
      Kind.TEXT,
      null,
      "Program and arguments, separated by spaces, that prints a secret that codchi does not keep; {machine} and {name} stand for which."),
  CAPABILITIES_ALLOW(
      "capabilities.allow",
      Kind.TEXT,
      null,
      "Capabilities that every machine may use without asking, separated by spaces, for example display sound."),
  CERTS_BUNDLE(
      "certs.bundle",
      Kind.PATH,
      null,
      "This computer's bundle of certificate authorities, PEM; found by itself when not set."),
  PROXY_HTTP(
      "proxy.http",
      Kind.URL,
      null,
      "Proxy for http, for codchi, the store and the machines; that of the environment (http_proxy) when not set. Without a password."),
  PROXY_HTTPS(
      "proxy.https",
      Kind.URL,
      null,
      "Proxy for https; that of the environment (https_proxy) when not set. Without a password."),
  PROXY_EXCEPTIONS(
      "proxy.exceptions",
      Kind.TEXT,
      null,
      "Host suffixes that are reached without a proxy, separated by commas; those of the environment (no_proxy) when not set."),
  TRAY_AUTOSTART(
      "tray.autostart",
      Kind.BOOLEAN,
      "true",
      "Whether the tray icon starts with the desktop session."),
  VCXSRV_ENABLE(
      "vcxsrv.enable",
      Kind.BOOLEAN,
      "true",
      "Windows: whether the VcXsrv X server is used instead of WSLg."),
  VCXSRV_TRAY(
      "vcxsrv.tray", Kind.BOOLEAN, "false", "Windows: whether VcXsrv shows its own tray icon."),
  ENABLE_WSL_VPNKIT(
      "enable_wsl_vpnkit",
      Kind.BOOLEAN,
      "false",
      "Windows: whether wsl-vpnkit carries the network."),
  ENABLE_WSL_NETNS(
      "enable_wsl_netns",
      Kind.BOOLEAN,
      "true",
      "Windows: whether each machine gets its own network namespace.");

  /** What values a setting takes. */
  public enum Kind {
    PATH("an absolute path"),
    IDENTIFIER("lower-case letters, digits and '-', starting with a letter, at most 20"),
    TEXT("text"),
    URL("an https, http or file URL"),
    SHA256("64 hexadecimal digits"),
    BOOLEAN("true or false");

    private final String expectation;

    Kind(String expectation) {
      this.expectation = expectation;
    }

    /** What is expected, for messages and documentation. */
    public String expectation() {
      return expectation;
    }

    /** Whether the value is of this kind. */
    boolean accepts(String value) {
      return switch (this) {
        case PATH -> value.startsWith("/") || value.matches("[A-Za-z]:[\\\\/].*");
        case IDENTIFIER -> value.matches("[a-z][a-z0-9-]{0,19}") && !value.endsWith("-");
        case TEXT -> value.chars().noneMatch(Character::isISOControl);
        case URL -> value.matches("(https?|file):/\\S+");
        case SHA256 -> value.matches("[0-9a-fA-F]{64}");
        case BOOLEAN -> value.equals("true") || value.equals("false");
      };
    }
  }

  private final String key;
  private final Kind kind;
  private final @Nullable String defaultValue;
  private final String description;

  Setting(String key, Kind kind, @Nullable String defaultValue, String description) {
    this.key = key;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The key in {@code config.toml} and for {@code --set}. */
  public String key() {
    return key;
  }

  /** The name in the environment. */
  public String variable() {
    return "CODCHI_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** What values it takes. */
  public Kind kind() {
    return kind;
  }

  /** The value that holds when nobody sets one; none where codchi finds it out. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** One sentence for people. */
  public String description() {
    return description;
  }

  /** The setting with that key. */
  public static Optional<Setting> byKey(String key) {
    for (Setting setting : values()) {
      if (setting.key.equals(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
