package dev.codchi.hostintegration;

import dev.codchi.driver.Mount;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The person's SSH agent: programs of a machine can sign in with its keys while it runs, and never
 * see them. Only on request, since whoever uses the agent can sign in wherever the person can.
 */
@ApplicationScoped
class SshAgentCapability implements Capability {
  private static final String VARIABLE = "SSH_AUTH_SOCK";
  private static final String SOCKET = "ssh-agent";

  private final DesktopSession session;

  SshAgentCapability(DesktopSession session) {
    this.session = session;
  }

  @Override
  public String name() {
    return "ssh-agent";
  }

  @Override
  public String purpose() {
    return "sign in to servers with the keys of your SSH agent";
  }

  @Override
  public Consent consent() {
    return Consent.ON_REQUEST;
  }

  @Override
  public Offer offer() {
    Optional<Path> agent = agent();
    if (agent.isEmpty()) {
      return new Offer.Absent("no agent runs (SSH_AUTH_SOCK)");
    }
    return LocalSocket.answers(agent.get())
        ? new Offer.Available("agent at " + agent.get())
        : new Offer.Broken("nobody answers at " + agent.get());
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    Optional<Path> agent = agent().filter(LocalSocket::answers);
    if (agent.isEmpty()) {
      return List.of();
    }
    Path socket = agent.get();
    if (inRuntimeDirectory(socket)) {
      return List.of(
          new Attachment.Socket(SOCKET, socket),
          new Attachment.Variable(VARIABLE, MachineSide.SESSION + "/" + SOCKET));
    }
    // An agent that is started anew at the same place is another socket, of which an old mount
    // shows nothing; hence another place.
    String target =
        "/run/codchi-ssh-agent-" + Integer.toHexString(LocalSocket.identity(socket).hashCode());
    return List.of(
        new Attachment.Plugged(new Mount(SOCKET, socket, target, false)),
        new Attachment.Variable(VARIABLE, target));
  }

  @Override
  public String state(MachineSide machine) {
    return agent().map(socket -> socket + " " + LocalSocket.identity(socket)).orElse("none");
  }

  private Optional<Path> agent() {
    return session.variable(VARIABLE).filter(path -> path.startsWith("/")).map(Path::of);
  }

  /** Whether the socket can be linked to, which works without the container daemon. */
  private boolean inRuntimeDirectory(Path socket) {
    return session
        .runtimeDirectory()
        .map(directory -> {
          try {
            return Files.getFileStore(directory).equals(Files.getFileStore(socket));
          } catch (IOException gone) {
            return false;
          }
        })
        .orElse(false);
  }
}
