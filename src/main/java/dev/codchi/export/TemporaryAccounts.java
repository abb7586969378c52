package dev.codchi.export;

import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.FileOwner;
import dev.codchi.driver.HostIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The accounts of a machine whose system has not made them yet. GNU tar writes access lists with
 * names only ("SCHILY.acl.access", also with {@code --numeric-owner}), and leaves out a list with a
 * name that it cannot look up: passwd(5), group(5).
 */
final class TemporaryAccounts implements AutoCloseable {
  private static final String USERS = "/etc/passwd";
  private static final String GROUPS = "/etc/group";

  private final ContainerFiles files;
  private final String container;

  /** Writes the accounts that every machine has. */
  TemporaryAccounts(ContainerFiles files, String container) {
    this.files = files;
    this.container = container;
    write(
        USERS,
        String.format(
            Locale.ROOT,
            "root:x:0:0::/root:/bin/sh%ncodchi:x:%d:%d::/home/codchi:/bin/sh%n",
            HostIdentity.INSIDE_UID,
            HostIdentity.INSIDE_GID));
    write(
        GROUPS,
        String.format(
            Locale.ROOT, "root:x:0:%nwheel:x:1:%nusers:x:%d:%n", HostIdentity.INSIDE_GID));
  }

  private void write(String file, String accounts) {
    files.write(
        container, file, accounts.getBytes(StandardCharsets.US_ASCII), FileOwner.root(0644));
  }

  /** Removes them: the system makes its own. */
  @Override
  public void close() {
    files.remove(container, USERS);
    files.remove(container, GROUPS);
  }
}
