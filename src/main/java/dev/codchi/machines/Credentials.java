package dev.codchi.machines;

/**
 * What was found in a pasted URL and must not stay there.
 *
 * @param host the host (and port) that it is for
 * @param user empty for a bare token
 * @param secret the password or token
 */
public record Credentials(String host, String user, String secret) {
  /** Never shows the secret. */
  @Override
  public String toString() {
    return "credentials for " + host;
  }
}
