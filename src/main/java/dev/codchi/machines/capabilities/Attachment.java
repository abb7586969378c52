package dev.codchi.machines.capabilities;

import dev.codchi.driver.Device;
import java.nio.file.Path;

/** One thing that a capability gives to a machine. */
public sealed interface Attachment {
  /** A device or directory of the host; its name begins with the capability's. */
  record Plugged(Device device) implements Attachment {}

  /**
   * A directory of the person's session ({@code XDG_RUNTIME_DIR}); like {@link Plugged}, and
   * mounted anew when a new session has a new directory at the same place.
   *
   * @param name unique within the machine: lower-case letters, digits and '-'
   * @param source absolute path on the host
   * @param target absolute path inside
   */
  record SessionDirectory(String name, Path source, String target) implements Attachment {}

  /**
   * A socket of the person's session, seen as {@link MachineSide#SESSION}{@code /NAME}. It must be
   * on the file system of {@code XDG_RUNTIME_DIR}.
   */
  record Socket(String name, Path source) implements Attachment {}

  /**
   * A file, seen read-only as {@link MachineSide#FILES}{@code /NAME}; written only when it changes,
   * and removed when it is no longer given.
   *
   * @param name may contain '/'
   * @param mode permission bits; the file belongs to the person
   */
  record HostFile(String name, byte[] content, int mode) implements Attachment {}

  /**
   * A symbolic link at {@link MachineSide#FILES}{@code /NAME}, followed inside the machine.
   *
   * @param name may contain '/'
   */
  record Link(String name, String target) implements Attachment {}

  /** A variable of the login environment, of {@code exec} and of the person's services. */
  record Variable(String name, String value) implements Attachment {}
}
