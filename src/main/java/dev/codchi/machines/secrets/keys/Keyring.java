package dev.codchi.machines.secrets.keys;

/** The keyring of the desktop session, whichever the operating system has. */
public interface Keyring extends KeyStore {
  /**
   * Whether a keyring answers at all; it may still be locked. Asks it every time, and starts one
   * where the session can.
   */
  boolean isReachable();
}
