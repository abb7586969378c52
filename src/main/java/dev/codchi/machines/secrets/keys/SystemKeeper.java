package dev.codchi.machines.secrets.keys;

/**
 * Who keeps keys on this operating system when nobody was chosen: the desktop's keyring, or what
 * the operating system has in its place. There is one for each build.
 */
public interface SystemKeeper {
  /** The word that names its provider in vaults and settings. */
  String id();

  /** Whether it answers at all; it may still be locked. Asks every time. */
  boolean isReachable();

  /** The provider whose key it keeps; does not ask for anything yet. */
  KeyProvider provider();
}
