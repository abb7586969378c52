package dev.codchi.store;

import dev.codchi.config.Directories;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ProcessDirectories;
import dev.codchi.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What opens private repositories to nix, and to the git and ssh that it calls, as long as this is
 * not closed: files for the person alone. Arguments, addresses, logs and the environment, which the
 * container daemon shows to everybody who may use it, hold nothing but their paths.
 *
 * <p>The formats are those of the nix manual ({@code access-tokens}, {@code netrc-file}), of
 * git-credential-store(1) and of sshd(8) ({@code known_hosts}).
 */
public final class NixAccess implements AutoCloseable {
  private static final int PRIVATE = 0600;
  private static final String INSIDE = "/data/store/access/";

  private final Optional<Path> directory;
  private final Map<String, String> environment;

  private NixAccess(Optional<Path> directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * What one server takes.
   *
   * @param host the server, with its port if it has one
   * @param user the account; empty for a bare token
   * @param secret password or token; stays the caller's to wipe
   * @param forge how nix talks to the server when it asks for archives
   * @param plain whether the secret may travel unencrypted, because the repository's own address
   *     says {@code http:}
   * @param archives whether plain archives of that server are fetched
   */
  public record Login(
      String host, String user, byte[] secret, Forge forge, boolean plain, boolean archives) {}

  /** Kinds of servers, which want their tokens in different ways. */
  public enum Forge {
    GITHUB("x-access-token", ""),
    GITLAB("oauth2", "PAT:"),
    BITBUCKET("x-token-auth", ""),
    OTHER("oauth2", "");

    private final String user;
    private final String prefix;

    /**
     * @param user the account that stands for "a token" in HTTP basic authentication
     * @param prefix what nix wants before the token to know its kind
     */
    Forge(String user, String prefix) {
      this.user = user;
      this.prefix = prefix;
    }
  }

  /** Nothing: for public repositories. */
  public static NixAccess none() {
    return new NixAccess(Optional.empty(), Map.of());
  }

  /**
   * Makes the files.
   *
   * @param agent the SSH agent's socket as the store sees it
   * @param knownHosts what the person's ssh knows of servers; empty for nothing
   */
  static NixAccess open(
      Directories directories, List<Login> logins, Optional<String> agent, byte[] knownHosts) {
    if (logins.isEmpty() && agent.isEmpty()) {
      return none();
    }
    Path all = all(directories);
    String name = ProcessDirectories.freshName();
    Person person = Person.current();
    person.directory(all, "rwx------");
    Path directory = person.directory(all.resolve(name), "rwx------");
    Map<String, String> environment = new LinkedHashMap<>();
    NixAccess access = new NixAccess(Optional.of(directory), environment);
    try {
      String inside = INSIDE + name;
      if (!logins.isEmpty()) {
        access.writeLogins(logins, inside);
      }
      if (agent.isPresent()) {
        access.write("known_hosts", knownHosts);
        environment.put("SSH_AUTH_SOCK", agent.get());
        environment.put(
            "GIT_SSH_COMMAND",
            "ssh -o BatchMode=yes -o UserKnownHostsFile=" + inside + "/known_hosts");
      }
      return access;
    } catch (RuntimeException | IOException e) {
      access.close();
      throw e instanceof RuntimeException failure ? failure : unusable(directory, (IOException) e);
    }
  }

  private void writeLogins(List<Login> logins, String inside) throws IOException {
    Text nix = new Text().line("netrc-file = " + inside + "/netrc").add("access-tokens =");
    Text git = new Text();
    Text netrc = new Text();
    for (Login login : logins) {
      String user = login.user().isEmpty() ? login.forge().user : login.user();
      nix.add(" " + login.host() + "=" + login.forge().prefix).add(login.secret());
      for (String scheme : login.plain() ? List.of("https", "http") : List.of("https")) {
        git.add(scheme + "://").encoded(user.getBytes(StandardCharsets.UTF_8)).add(":");
        git.encoded(login.secret()).line("@" + login.host());
      }
      if (login.archives()) {
        // A netrc knows no ports.
        netrc.add("machine " + login.host().replaceFirst(":[0-9]+$", "") + " login " + user);
        netrc.add(" password ").add(login.secret()).line("");
      }
    }
    nix.line("");
    write("nix.conf", nix.all());
    write("netrc", netrc.all());
    write("git-credentials", git.all());
    String gitConfig = "[credential]\n\thelper = store --file %s/git-credentials\n";
    write("gitconfig", gitConfig.formatted(inside).getBytes(StandardCharsets.UTF_8));
    environment.put("NIX_USER_CONF_FILES", inside + "/nix.conf");
    environment.put("GIT_CONFIG_GLOBAL", inside + "/gitconfig");
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = directory.orElseThrow().resolve(name);
    WholeFile.write(file, content, PRIVATE);
    Person.current().own(file);
  }

  /** What programs in the store need in their environment. */
  Map<String, String> environment() {
    return environment;
  }

  /** Removes the files. Idempotent. */
  @Override
  public void close() {
    directory.ifPresent(NixAccess::remove);
  }

  /**
   * Removes what processes left that were killed. Costs one look at a directory where nothing is.
   * Idempotent; several processes may do it at once.
   */
  static void removeAbandoned(Directories directories) {
    Path all = all(directories);
    try {
      ProcessDirectories.removeAbandoned(all, NixAccess::remove);
    } catch (IOException e) {
      throw unusable(all, e);
    }
  }

  private static Path all(Directories directories) {
    return directories.data().resolve("store/access");
  }

  private static void remove(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw unusable(directory, e);
    }
  }

  private static Failure unusable(Path directory, IOException e) {
    return Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot use " + directory)
        .because(e.toString())
        .causedBy(e);
  }

  /** A text with secrets in it, which never becomes a string. */
  private static final class Text {
    private static final String UNRESERVED =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Text add(byte[] part) {
      bytes.writeBytes(part);
      return this;
    }

    Text add(String part) {
      return add(part.getBytes(StandardCharsets.UTF_8));
    }

    Text line(String part) {
      return add(part + "\n");
    }

    /** As a part of an address. */
    Text encoded(byte[] part) {
      for (byte each : part) {
        if (each > 0 && UNRESERVED.indexOf(each) >= 0) {
          bytes.write(each);
        } else {
          add("%%%02X".formatted(each & 0xff));
        }
      }
      return this;
    }

    byte[] all() {
      return bytes.toByteArray();
    }
  }
}
