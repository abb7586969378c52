package dev.codchi.hostintegration.git;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.hostintegration.DesktopSession;
import dev.codchi.hostintegration.LocalSocket;
import dev.codchi.hostintegration.desktop.Launcher;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * The passwords that the person's git has for some servers, for git in a machine. Only on request:
 * what was answered stays with whatever runs in the machine.
 */
@ApplicationScoped
class GitCredentialsCapability implements Capability {
  /** Its name. */
  static final String NAME = "git-credentials";

  private static final String SOCKET = "git-credentials";

  /**
   * Git's own client for the socket (git-credential-cache(1)), for questions only. Tried with git
   * 2.39: with {@code cache --socket ...} as the helper itself, git also sends a password that was
   * typed in the machine to the host ({@code action=store}), and where the socket is missing it
   * starts a daemon there, which says "fatal: cache daemon did not start". {@code get} without a
   * socket says nothing and starts nothing; the test keeps the function from being asked in vain.
   */
  private static final String HELPER =
      "!f() { test \"$1\" = get && test -S %1$s && git credential-cache --socket %1$s get; }; f"
          .formatted(MachineSide.SESSION + "/" + SOCKET);

  private final DesktopSession session;
  private final HostGit git;
  private final Launcher launcher;

  GitCredentialsCapability(DesktopSession session, HostGit git, Launcher launcher) {
    this.session = session;
    this.git = git;
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String purpose() {
    return "get the passwords that your git has";
  }

  @Override
  public Consent consent() {
    return Consent.ON_REQUEST;
  }

  @Override
  public boolean limitedToServers() {
    return true;
  }

  @Override
  public List<String> servers(List<String> named) {
    return named.stream().map(GitServer::named).map(GitServer::toString).distinct().toList();
  }

  @Override
  public Offer offer() {
    Optional<UserSystemd> systemd = session.runtimeDirectory().map(UserSystemd::new);
    if (systemd.isEmpty()) {
      return new Offer.Absent("you have no runtime directory (XDG_RUNTIME_DIR)");
    }
    if (!systemd.get().present()) {
      return new Offer.Absent("no systemd of yours runs (systemctl --user)");
    }
    if (!git.present()) {
      return new Offer.Absent("git is not installed");
    }
    try {
      return systemd.get().answers()
          ? new Offer.Available("git and its helpers, started by your systemd")
          : new Offer.Broken("your systemd does not answer (systemctl --user)");
    } catch (Failure silent) {
      if (silent.code() != FailureCode.SESSION_SYSTEMD) {
        throw silent;
      }
      return new Offer.Broken("your systemd does not answer: " + silent.why());
    }
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    Optional<QuestionSocket> socket = socket(machine).filter(one -> one.systemd().present());
    if (socket.isEmpty()) {
      return List.of();
    }
    launcher.write();
    socket.get().listen(launcher.path());
    // The variables are read since git 2.31; helpers of the machine's own settings are asked first.
    return List.of(
        new Attachment.Socket(SOCKET, socket.get().path()),
        new Attachment.Variable("GIT_CONFIG_COUNT", "1"),
        new Attachment.Variable("GIT_CONFIG_KEY_0", "credential.helper"),
        new Attachment.Variable("GIT_CONFIG_VALUE_0", HELPER));
  }

  @Override
  public void withdraw(MachineSide machine) {
    socket(machine).ifPresent(QuestionSocket::remove);
  }

  @Override
  public String state(MachineSide machine) {
    // Without a systemd there is no socket, and nothing to be made anew; with one that has just
    // come there is.
    return socket(machine)
        .map(socket -> socket.systemd().present() + " " + LocalSocket.identity(socket.path()))
        .orElse("none");
  }

  private Optional<QuestionSocket> socket(MachineSide machine) {
    return session
        .runtimeDirectory()
        .map(runtime -> new QuestionSocket(new UserSystemd(runtime), machine.machine()));
  }
}
