package dev.codchi.machines;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.CollectTokens;
import dev.codchi.machines.secrets.CollectedSecrets;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.SetSecret;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.redaction.KnownValues;
import dev.codchi.store.NixAccess;
import dev.codchi.store.RepositoryKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What opens a machine's private repositories: tokens, which are among its secrets and named after
 * the server, and the person's SSH agent.
 */
@ApplicationScoped
class RepositoryTokens {
  private final Settings settings;
  private final CollectTokens collectTokens;
  private final SetSecret setSecret;
  private final RepositoryKeys keys;
  private final KnownValues known;

  RepositoryTokens(
      Settings settings,
      CollectTokens collectTokens,
      SetSecret setSecret,
      RepositoryKeys keys,
      KnownValues known) {
    this.known = known;
    this.settings = settings;
    this.collectTokens = collectTokens;
    this.setSecret = setSecret;
    this.keys = keys;
  }

  /**
   * Keeps a token for a server; it replaces one that is there.
   *
   * @param user the account that it belongs to; empty for a bare token
   * @throws Failure {@code SECRET_VALUE}, and what the vault reports
   */
  void keep(MachineName machine, String host, String user, SecretValue token) {
    byte[] secret = token.bytes();
    known.remember(secret);
    byte[] prefix = user.isEmpty() ? new byte[0] : (user + ":").getBytes(UTF_8);
    byte[] whole = Arrays.copyOf(prefix, prefix.length + secret.length);
    System.arraycopy(secret, 0, whole, prefix.length, secret.length);
    Arrays.fill(secret, (byte) 0);
    try (SecretValue value = SecretValue.owning(whole)) {
      setSecret.set(location(machine), SecretId.token(host), value);
    }
  }

  /**
   * The server that a reference's repository is on.
   *
   * @throws Failure {@code BAD_USAGE} for a reference that no token can open
   */
  static String host(FlakeReference reference) {
    return server(reference)
        .orElseThrow(() ->
            Failure.of(FailureCode.BAD_USAGE, "a token is given for " + reference.print())
                .because(
                    reference instanceof FlakeReference.GitSsh
                        ? "over SSH, servers take the keys of your SSH agent"
                        : "it is on this computer")
                .next("Leave --auth out."));
  }

  private static Optional<String> server(FlakeReference reference) {
    return switch (reference) {
      case FlakeReference.OfForge forge -> Optional.of(forge.host());
      case FlakeReference.GitHttps git -> Optional.of(git.host());
      case FlakeReference.Tarball archive ->
          Optional.ofNullable(URI.create(archive.url()).getAuthority());
      case FlakeReference.GitSsh ignored -> Optional.empty();
      case FlakeReference.Local ignored -> Optional.empty();
      case FlakeReference.HostPath ignored -> Optional.empty();
    };
  }

  /** Opens a machine's repositories to nix until the result is closed. The store must run. */
  NixAccess open(MachineName machine, Collection<FlakeReference> references) {
    boolean ssh = references.stream().anyMatch(FlakeReference.GitSsh.class::isInstance);
    try (CollectedSecrets tokens = collectTokens.collect(location(machine))) {
      List<NixAccess.Login> logins = new ArrayList<>();
      tokens
          .values()
          .forEach((id, value) -> {
            NixAccess.Login login = login(id.name(), value, references);
            known.remember(login.secret());
            logins.add(login);
          });
      try {
        return keys.open(logins, ssh);
      } finally {
        logins.forEach(login -> Arrays.fill(login.secret(), (byte) 0));
      }
    }
  }

  /** How a kept token opens a server; package-private for its test. */
  static NixAccess.Login login(
      String host, SecretValue value, Collection<FlakeReference> references) {
    byte[] bytes = value.bytes();
    int colon = 0;
    while (colon < bytes.length && bytes[colon] != ':') {
      colon++;
    }
    boolean named = colon < bytes.length;
    String user = named ? new String(bytes, 0, colon, UTF_8) : "";
    byte[] secret = named ? Arrays.copyOfRange(bytes, colon + 1, bytes.length) : bytes.clone();
    Arrays.fill(bytes, (byte) 0);
    List<FlakeReference> there =
        references.stream().filter(one -> server(one).filter(host::equals).isPresent()).toList();
    return new NixAccess.Login(
        host,
        user,
        secret,
        forge(host, there),
        there.stream().anyMatch(RepositoryTokens::unencrypted),
        there.stream().anyMatch(FlakeReference.Tarball.class::isInstance));
  }

  private static NixAccess.Forge forge(String host, List<FlakeReference> there) {
    if (there.stream().anyMatch(FlakeReference.GitLab.class::isInstance)
        || KnownForges.hasLabel(host, "gitlab")) {
      return NixAccess.Forge.GITLAB;
    }
    return switch (host) {
      case "github.com" -> NixAccess.Forge.GITHUB;
      case "bitbucket.org" -> NixAccess.Forge.BITBUCKET;
      default ->
          there.stream().anyMatch(FlakeReference.GitHub.class::isInstance)
              ? NixAccess.Forge.GITHUB
              : NixAccess.Forge.OTHER;
    };
  }

  private static boolean unencrypted(FlakeReference reference) {
    return reference instanceof FlakeReference.GitHttps git && !git.secure();
  }

  private VaultLocation location(MachineName machine) {
    return VaultLocation.of(settings.directories(), machine.value());
  }
}
