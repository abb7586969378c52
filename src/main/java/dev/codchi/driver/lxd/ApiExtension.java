package dev.codchi.driver.lxd;

import java.util.Locale;

/**
 * The API extensions that codchi relies on, named as in the daemon's list of extensions ("API
 * extensions" in the documentation of LXD and Incus). LXD 5.0 and Incus 6.0 have all of them.
 */
enum ApiExtension {
  /** {@code /1.0/instances} for containers and virtual machines alike. */
  INSTANCES,
  /** Partial changes. */
  PATCH,
  /** Guarded changes. */
  ETAG,
  /** Deleting files. */
  FILE_DELETE,
  /** Asking what a file is without reading it. */
  INSTANCE_FILE_HEAD,
  /** Symbolic links. */
  FILE_SYMLINKS,
  /** Making directories. */
  DIRECTORY_MANIPULATION,
  /** Signals through the control socket. */
  CONTAINER_EXEC_SIGNAL_HANDLING,
  /** User, group and working directory of a program. */
  CONTAINER_EXEC_USER_GROUP_CWD,
  /** {@code raw.idmap} and {@code security.idmap.isolated}. */
  ID_MAP,
  /** Network devices that name a managed network. */
  INSTANCE_NIC_NETWORK,
  /** Which addresses a network has given away. */
  NETWORK_LEASES;

  /** The daemon's word for it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
