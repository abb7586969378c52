package dev.codchi.driver;

/**
 * Owner and mode of a file inside a container.
 *
 * @param uid user id as seen inside
 * @param gid group id as seen inside
 * @param mode permission bits, for example {@code 0644}
 */
public record FileOwner(int uid, int gid, int mode) {
  /** A file of the container's root. */
  public static FileOwner root(int mode) {
    return new FileOwner(0, 0, mode);
  }

  /** A file of the person at the computer, who is {@code codchi:users} in every container. */
  public static FileOwner person(int mode) {
    return new FileOwner(HostIdentity.INSIDE_UID, HostIdentity.INSIDE_GID, mode);
  }
}
