package dev.codchi.store;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.Mount;
import dev.codchi.files.WholeFile;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens private repositories to nix with what a person has: tokens, and the host's SSH agent. */
@ApplicationScoped
public class RepositoryKeys {
  private static final Path ALL_KNOWN_HOSTS = Path.of("/etc/ssh/ssh_known_hosts");

  private final Settings settings;
  private final Store store;
  private final Containers containers;
  private final KnownValues known;
  private final Map<String, String> environment = System.getenv();

  RepositoryKeys(Settings settings, Store store, Containers containers, KnownValues known) {
    this.settings = settings;
    this.store = store;
    this.containers = containers;
    this.known = known;
  }

  /**
   * Opens them until the result is closed. The store must run.
   *
   * @param logins what servers take over HTTP
   * @param ssh whether repositories are fetched over SSH, with the agent that {@code SSH_AUTH_SOCK}
   *     names and with the servers that the person's ssh knows
   */
  public NixAccess open(List<NixAccess.Login> logins, boolean ssh) {
    logins.forEach(login -> known.remember(login.secret()));
    return NixAccess.open(
        settings.directories(),
        logins,
        ssh ? shareAgent() : Optional.empty(),
        ssh ? knownHosts() : new byte[0]);
  }

  /** Removes what a killed codchi has left of its keys. Idempotent. */
  public void removeAbandoned() {
    NixAccess.removeAbandoned(settings.directories());
  }

  /**
   * The agent's socket in the store. Its place there is named after the very socket: an agent that
   * is started anew makes another one under the same name, of which the store would see nothing.
   */
  private Optional<String> shareAgent() {
    String named = environment.getOrDefault("SSH_AUTH_SOCK", "");
    Path socket = Path.of(named);
    if (named.isEmpty() || !Files.exists(socket)) {
      return Optional.empty();
    }
    try {
      Object inode = Files.getAttribute(socket, "unix:ino", LinkOption.NOFOLLOW_LINKS);
      long changed = Files.getLastModifiedTime(socket).toMillis();
      String target = "/run/codchi-ssh-agent-" + inode + "-" + changed;
      containers.attach(
          store.containerName(), new Mount("ssh-agent", socket.toRealPath(), target, false));
      return Optional.of(target);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** In one file, since nobody in the store could be asked about a server. */
  private byte[] knownHosts() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Path own = Path.of(environment.getOrDefault("HOME", "/"), ".ssh", "known_hosts");
    for (Path file : List.of(own, ALL_KNOWN_HOSTS)) {
      if (Files.isReadable(file)) {
        WholeFile.read(file).ifPresent(all::writeBytes);
        all.write('\n');
      }
    }
    return all.toByteArray();
  }
}
