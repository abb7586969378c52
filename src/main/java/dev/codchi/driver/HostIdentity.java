package dev.codchi.driver;

/**
 * Who the person at the computer is on the host. Inside every container that person is {@code
 * codchi:users}; every other id inside, root included, is an unprivileged id of the host.
 *
 * @param uid user id on the host; never 0, because host root is never mapped into a container
 * @param gid group id on the host; never 0
 */
public record HostIdentity(int uid, int gid) {
  /** The person's user id in the store and in every machine. */
  public static final int INSIDE_UID = 1000;

  /** The person's group id ({@code users}) in the store and in every machine. */
  public static final int INSIDE_GID = 100;

  public HostIdentity {
    if (uid <= 0 || gid <= 0) {
      throw new IllegalArgumentException(
          "host root is never mapped into a container: " + uid + ":" + gid);
    }
  }
}
