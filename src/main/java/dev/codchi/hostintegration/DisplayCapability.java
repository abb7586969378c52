package dev.codchi.hostintegration;

import dev.codchi.driver.Mount;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Windows of a machine on the person's desktop, by Wayland and X11. In a machine both have fixed
 * names ({@code :0}, and a socket below {@link MachineSide#SESSION}), whatever they are on the
 * host: links that codchi keeps up to date lead to the present session.
 */
@ApplicationScoped
class DisplayCapability implements Capability {
  /** The directory of the host's X sockets, in a machine. */
  private static final String X_SOCKETS = "/var/lib/codchi/x11";

  /** What the machine driver's link {@code /tmp/.X11-unix/X0} leads to. */
  private static final String X_LINK = "x11-display";

  private static final String X_COOKIE = "Xauthority";
  private static final String WAYLAND_SOCKET = "wayland-0";

  private final DesktopSession session;

  DisplayCapability(DesktopSession session) {
    this.session = session;
  }

  @Override
  public String name() {
    return "display";
  }

  @Override
  public String purpose() {
    return "show windows on your desktop";
  }

  @Override
  public Consent consent() {
    return Consent.ASKED;
  }

  @Override
  public Offer offer() {
    List<String> found = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    wayland()
        .ifPresent(
            socket -> (LocalSocket.answers(socket) ? found : stale).add("Wayland at " + socket));
    display()
        .ifPresent(display ->
            (LocalSocket.answers(display.socket()) ? found : stale)
                .add("X11 :" + display.number()));
    if (!found.isEmpty()) {
      return new Offer.Available(String.join(", ", found));
    }
    return stale.isEmpty()
        ? new Offer.Absent("there is no desktop session")
        : new Offer.Broken("nobody answers: " + String.join(", ", stale));
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    session.remember();
    List<Attachment> all = new ArrayList<>();
    wayland().filter(LocalSocket::answers).ifPresent(socket -> attachWayland(socket, all));
    Optional<XDisplay> display = display().filter(found -> LocalSocket.answers(found.socket()));
    if (display.isPresent()) {
      try {
        attachX(display.get(), machine, all);
      } catch (Failure refused) {
        if (all.isEmpty()) {
          throw refused;
        }
        // The compositor's windows do not hang on an X display that is somebody else's.
        Logger.getLogger(DisplayCapability.class).debug("X11 beside Wayland", refused);
      }
    }
    return all;
  }

  private static void attachWayland(Path socket, List<Attachment> all) {
    all.add(new Attachment.Socket(WAYLAND_SOCKET, socket));
    // libwayland takes an absolute path since 1.15 (wl_display_connect).
    all.add(new Attachment.Variable("WAYLAND_DISPLAY", MachineSide.SESSION + "/" + WAYLAND_SOCKET));
  }

  private void attachX(XDisplay display, MachineSide machine, List<Attachment> all) {
    Optional<byte[]> cookie = cookie(display, machine);
    all.add(new Attachment.Plugged(new Mount("x11", XDisplay.SOCKETS, X_SOCKETS, true)));
    all.add(new Attachment.Link(X_LINK, X_SOCKETS + "/X" + display.number()));
    all.add(new Attachment.Variable("DISPLAY", ":0"));
    // Set without a cookie, too: programs would otherwise look into the machine's own home.
    all.add(new Attachment.Variable("XAUTHORITY", MachineSide.FILES + "/" + X_COOKIE));
    cookie.ifPresent(
        value -> all.add(new Attachment.HostFile(X_COOKIE, XCookies.only(value), 0600)));
  }

  /**
   * The machine's own cookie: the one that it has, while the server takes it; else a new one from
   * the server; else, with a server that makes none, the person's, alone in a file. None where the
   * server lets the person in without.
   */
  private Optional<byte[]> cookie(XDisplay display, MachineSide machine) {
    Optional<byte[]> present = XCookies.readOnly(machine.files().resolve(X_COOKIE));
    if (present.isPresent() && accepts(display, present.get())) {
      return present;
    }
    List<byte[]> own = new ArrayList<>(XCookies.read(authority(), display));
    own.add(new byte[0]);
    IOException last = new IOException("no cookie fits");
    for (byte[] cookie : own) {
      try (XServer server = XServer.connect(display.socket(), cookie)) {
        try {
          return Optional.of(server.generateCookie());
        } catch (IOException makesNone) {
          return cookie.length == 0 ? Optional.empty() : Optional.of(cookie);
        }
      } catch (IOException refused) {
        last = refused;
      }
    }
    throw Failure.of(
            FailureCode.DISPLAY_REFUSED,
            "the X server of display :" + display.number() + " refuses")
        .because(last.getMessage())
        .causedBy(last);
  }

  private static boolean accepts(XDisplay display, byte[] cookie) {
    try (XServer _ = XServer.connect(display.socket(), cookie)) {
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** The person's own cookies (Xau(3)). */
  private Path authority() {
    return session
        .variable("XAUTHORITY")
        .map(Path::of)
        .orElseGet(() -> session.home().resolve(".Xauthority"));
  }

  private Optional<XDisplay> display() {
    return session.variable("DISPLAY").flatMap(XDisplay::parse);
  }

  /** The compositor's socket (wl_display_connect(3)). */
  private Optional<Path> wayland() {
    Optional<String> named = session.variable("WAYLAND_DISPLAY");
    if (named.isPresent() && named.get().startsWith("/")) {
      return named.map(Path::of);
    }
    return named.flatMap(
        name -> session.runtimeDirectory().map(directory -> directory.resolve(name)));
  }

  @Override
  public String state(MachineSide machine) {
    StringBuilder state = new StringBuilder();
    display()
        .ifPresent(display ->
            state
                .append('x')
                .append(display.number())
                .append(LocalSocket.identity(display.socket())));
    wayland().ifPresent(socket -> state.append(" w").append(LocalSocket.identity(socket)));
    // A new session may be at the same socket with other cookies.
    if (display().isPresent()) {
      state.append(" a").append(LocalSocket.identity(authority()));
    }
    return state.toString();
  }
}
