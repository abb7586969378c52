package dev.codchi.machines.secrets.keyring;

/** What another program on the bus answered instead of a result. */
final class BusError extends Exception {
  private static final long serialVersionUID = 1L;

  private final String name;

  BusError(String name, String text) {
    super(text.isEmpty() ? name : text);
    this.name = name;
  }

  BusError(String name, String text, Throwable cause) {
    super(text, cause);
    this.name = name;
  }

  /** The error's name, for example {@code org.freedesktop.Secret.Error.IsLocked}; may be empty. */
  String name() {
    return name;
  }
}
