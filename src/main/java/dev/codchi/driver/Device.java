package dev.codchi.driver;

/**
 * Something of the host in a container that comes and goes, beyond what the container was created
 * with. A device whose counterpart on the host is missing keeps no container from starting.
 */
public sealed interface Device permits Mount, CharacterDevice, UsbDevice {
  /** Unique within the container: lower-case letters, digits and '-'. */
  String name();
}
