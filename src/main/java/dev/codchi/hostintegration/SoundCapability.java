package dev.codchi.hostintegration;

import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Speakers and microphone, through the sound server of the person's session: PulseAudio's protocol
 * (PipeWire speaks it, too) and PipeWire's own.
 */
@ApplicationScoped
class SoundCapability implements Capability {
  /** Where a machine sees the directory of PulseAudio's socket. */
  private static final String PULSE = "/var/lib/codchi/pulse";

  private static final String PULSE_SOCKET = "native";
  private static final String COOKIE = "pulse-cookie";
  private static final String PIPEWIRE_SOCKET = "pipewire-0";

  private final DesktopSession session;

  SoundCapability(DesktopSession session) {
    this.session = session;
  }

  @Override
  public String name() {
    return "sound";
  }

  @Override
  public String purpose() {
    return "play sound and hear your microphone";
  }

  @Override
  public Consent consent() {
    return Consent.ASKED;
  }

  @Override
  public Offer offer() {
    List<String> found = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    pulse()
        .map(directory -> directory.resolve(PULSE_SOCKET))
        .ifPresent(
            socket -> (LocalSocket.answers(socket) ? found : stale).add("PulseAudio at " + socket));
    pipeWire()
        .ifPresent(
            socket -> (LocalSocket.answers(socket) ? found : stale).add("PipeWire at " + socket));
    if (!found.isEmpty()) {
      return new Offer.Available(String.join(", ", found));
    }
    return stale.isEmpty()
        ? new Offer.Absent("there is no sound server")
        : new Offer.Broken("nobody answers: " + String.join(", ", stale));
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    List<Attachment> all = new ArrayList<>();
    // The directory, not the socket: a server that starts anew makes another socket in it.
    pulse()
        .ifPresent(directory -> {
          all.add(new Attachment.SessionDirectory("pulse", directory, PULSE));
          all.add(new Attachment.Variable("PULSE_SERVER", "unix:" + PULSE + "/" + PULSE_SOCKET));
          cookie()
              .ifPresent(content -> {
                all.add(new Attachment.HostFile(COOKIE, content, 0600));
                all.add(new Attachment.Variable("PULSE_COOKIE", MachineSide.FILES + "/" + COOKIE));
              });
        });
    pipeWire()
        .filter(LocalSocket::answers)
        .ifPresent(socket -> {
          all.add(new Attachment.Socket(PIPEWIRE_SOCKET, socket));
          all.add(
              new Attachment.Variable(
                  "PIPEWIRE_REMOTE", MachineSide.SESSION + "/" + PIPEWIRE_SOCKET));
        });
    return all;
  }

  /**
   * The directory with PulseAudio's socket, below {@code XDG_RUNTIME_DIR} or where {@code
   * PULSE_SERVER} says; nothing for a server on another computer.
   */
  private Optional<Path> pulse() {
    Optional<String> named = session.variable("PULSE_SERVER");
    Optional<Path> socket =
        named.isPresent()
            ? named
                .map(text -> text.startsWith("unix:") ? text.substring("unix:".length()) : text)
                .filter(text -> text.startsWith("/"))
                .map(Path::of)
            : session
                .runtimeDirectory()
                .map(directory -> directory.resolve("pulse").resolve(PULSE_SOCKET));
    return socket
        .filter(path -> path.endsWith(PULSE_SOCKET))
        .map(Path::getParent)
        .filter(Files::isDirectory);
  }

  /** PulseAudio's cookie, where its client library looks for it (pulse-client.conf(5)). */
  private Optional<byte[]> cookie() {
    List<Path> places = new ArrayList<>();
    session.variable("PULSE_COOKIE").map(Path::of).ifPresent(places::add);
    places.add(
        session
            .variable("XDG_CONFIG_HOME")
            .map(Path::of)
            .orElseGet(() -> session.home().resolve(".config"))
            .resolve("pulse/cookie"));
    places.add(session.home().resolve(".pulse-cookie"));
    for (Path place : places) {
      try {
        return Optional.of(Files.readAllBytes(place));
      } catch (IOException notThere) {
        // Local clients of the same user need none.
      }
    }
    return Optional.empty();
  }

  /** PipeWire's socket (pipewire(1), {@code PIPEWIRE_REMOTE}). */
  private Optional<Path> pipeWire() {
    String name = session.variable("PIPEWIRE_REMOTE").orElse(PIPEWIRE_SOCKET);
    Optional<Path> directory =
        session.variable("PIPEWIRE_RUNTIME_DIR").map(Path::of).or(session::runtimeDirectory);
    return directory.map(place -> place.resolve(name)).filter(Files::exists);
  }

  @Override
  public String state(MachineSide machine) {
    StringBuilder state = new StringBuilder();
    // The directory's own identity: sockets in it may come and go.
    pulse().ifPresent(directory -> state.append('p').append(LocalSocket.place(directory)));
    pipeWire().ifPresent(socket -> state.append(" w").append(LocalSocket.identity(socket)));
    return state.toString();
  }
}
