package dev.codchi.hostintegration.git;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The socket on which one machine asks for passwords. The person's systemd listens and starts a
 * codchi for each question, so that nothing of codchi is resident. The units are in the session's
 * own directory and go with it.
 *
 * @param machine the machine's name, whose characters mean nothing to systemd
 */
record QuestionSocket(UserSystemd systemd, String machine) {
  /** Where all sockets are; no machine's name begins with a dot. */
  static Path directory(Path runtime) {
    return runtime.resolve("codchi/.git-credentials");
  }

  /** The socket itself. */
  Path path() {
    return directory(systemd.runtime()).resolve(machine);
  }

  /**
   * Makes sure that systemd listens. Idempotent.
   *
   * @param launcher starts codchi
   * @throws Failure {@code SESSION_SYSTEMD}, {@code DIRECTORY_UNUSABLE}
   */
  void listen(Path launcher) {
    try {
      WholeFile.createDirectories(directory(systemd.runtime()));
    } catch (IOException e) {
      throw unusable(e);
    }
    boolean another = changed(socketUnit(), socketText());
    boolean changed = changed(serviceUnit(), serviceText(launcher)) || another;
    boolean restart = another || !Files.exists(path()) || !systemd.active(socketUnit());
    if (changed || restart) {
      systemd.command("daemon-reload");
    }
    if (restart) {
      systemd.command("restart", socketUnit());
    }
  }

  /**
   * Removes the units and ends it. Idempotent; asks nobody where there is nothing. Files go first,
   * so that a systemd that does not answer keeps no machine from being deleted.
   *
   * @throws Failure {@code SESSION_SYSTEMD}, {@code DIRECTORY_UNUSABLE}
   */
  void remove() {
    try {
      boolean socket = Files.deleteIfExists(file(socketUnit()));
      boolean service = Files.deleteIfExists(file(serviceUnit()));
      Files.deleteIfExists(path());
      if ((socket || service) && systemd.present()) {
        systemd.command("stop", socketUnit());
        systemd.command("daemon-reload");
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private boolean changed(String unit, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    if (WholeFile.read(file(unit)).filter(there -> Arrays.equals(there, content)).isPresent()) {
      return false;
    }
    WholeFile.write(file(unit), content, 0600);
    return true;
  }

  private Path file(String unit) {
    return systemd.units().resolve(unit);
  }

  private String socketUnit() {
    return "codchi-git-credentials-" + machine + ".socket";
  }

  private String serviceUnit() {
    return "codchi-git-credentials-" + machine + "@.service";
  }

  /**
   * {@code git fetch} with many submodules asks several times at once; a connection more is cut.
   */
  String socketText() {
    return """
    # Made by codchi, for as long as this session lasts.
    [Unit]
    Description=Git of the codchi machine %s asks for passwords

    [Socket]
    ListenStream=%s
    SocketMode=0600
    Accept=yes
    MaxConnections=16
    RemoveOnStop=yes
    """
        .formatted(machine, escaped(path()));
  }

  /**
   * What needs namespaces of its own is left out (ProtectSystem=, PrivateTmp=): a helper of git
   * needs the person's files, programs and session bus. A core dump would hold passwords. The
   * launcher is a script, and given to the shell, because systemd 252 takes no program whose path
   * has quotes or backslashes; ':' keeps it from replacing variables.
   */
  String serviceText(Path launcher) {
    return """
    # Made by codchi, for as long as this session lasts.
    [Unit]
    Description=A question of git of the codchi machine %s for a password
    CollectMode=inactive-or-failed

    [Service]
    ExecStart=:/bin/sh "%s" git-credentials %s
    StandardInput=socket
    StandardOutput=socket
    StandardError=journal
    RuntimeMaxSec=90
    TimeoutStopSec=5
    TasksMax=256
    UMask=0077
    LimitCORE=0
    NoNewPrivileges=yes
    LockPersonality=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    SystemCallArchitectures=native
    """
        .formatted(machine, escaped(launcher).replace("\\", "\\\\").replace("\"", "\\\""), machine);
  }

  /** A path as systemd.unit(5) reads it back. */
  private static String escaped(Path path) {
    String text = path.toString();
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "systemd cannot be told of a directory")
          .because("its name has control characters");
    }
    return text.replace("%", "%%");
  }

  private Failure unusable(IOException e) {
    return Failure.of(
            FailureCode.DIRECTORY_UNUSABLE, "the socket of " + machine + " cannot be changed")
        .because(e.toString())
        .causedBy(e);
  }
}
