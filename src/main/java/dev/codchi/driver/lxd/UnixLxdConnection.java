package dev.codchi.driver.lxd;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Requests over the daemon's unix socket with nothing but the JDK. Connections are kept for the
 * next request while the process lives; nothing is opened before the first one.
 */
final class UnixLxdConnection implements LxdConnection {
  private static final Logger LOG = Logger.getLogger(UnixLxdConnection.class);

  private final LxdSocket socket;
  private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private volatile @Nullable Path found;

  UnixLxdConnection(LxdSocket socket) {
    this.socket = socket;
  }

  /** The socket that answered, or the first that would be tried. */
  Path path() {
    Path answered = found;
    return answered == null ? socket.candidates().getFirst() : answered;
  }

  @Override
  public HttpResponse send(HttpRequest request) {
    Optional<HttpConnection> kept = kept();
    if (kept.isPresent() && request.safe()) {
      HttpConnection connection = kept.get();
      try {
        connection.send(request);
        return connection.receive(() -> giveBack(connection));
      } catch (IOException stale) {
        // The daemon may have ended the kept connection just now; a new one tells.
        LOG.debug("a kept connection was of no use", stale);
        Sockets.closeQuietly(connection);
        kept = Optional.empty();
      }
    }
    return begin(request, kept.orElseGet(this::open)).await();
  }

  @Override
  public Pending begin(HttpRequest request) {
    return begin(request, kept().orElseGet(this::open));
  }

  private Pending begin(HttpRequest request, HttpConnection connection) {
    try {
      connection.send(request);
    } catch (IOException broken) {
      Sockets.closeQuietly(connection);
      throw lost(request, broken);
    }
    return () -> receive(connection, request);
  }

  private HttpResponse receive(HttpConnection connection, HttpRequest request) {
    try {
      return connection.receive(() -> giveBack(connection));
    } catch (IOException broken) {
      Sockets.closeQuietly(connection);
      throw lost(request, broken);
    }
  }

  @Override
  public Upgraded upgrade(List<String> required, String optional) {
    List<String> targets = new ArrayList<>();
    targets.add(optional); // first, so that it is seldom too late
    targets.addAll(required);
    List<HttpConnection> connections = new ArrayList<>();
    List<WebSocketHandshake> handshakes = new ArrayList<>();
    List<WebSocket> sockets = new ArrayList<>();
    Optional<WebSocket> extra = Optional.empty();
    HttpRequest current = HttpRequest.of("GET", optional);
    try {
      // The kernel takes all requests before the daemon has answered the first: no threads needed.
      for (String target : targets) {
        HttpConnection connection = open();
        connections.add(connection);
        WebSocketHandshake handshake = WebSocketHandshake.random();
        handshakes.add(handshake);
        current = handshake.request(target);
        connection.send(current);
      }
      for (int i = 0; i < connections.size(); i++) {
        HttpConnection connection = connections.get(i);
        HttpResponse response = connection.receive(connection);
        if (i == 0 && response.status() >= 400) {
          connection.close();
          continue;
        }
        handshakes.get(i).verify(response);
        WebSocket socket = new WebSocket(connection.socket());
        if (i == 0) {
          extra = Optional.of(socket);
        } else {
          sockets.add(socket);
        }
      }
      return new Upgraded(sockets, extra);
    } catch (IOException broken) {
      throw lost(current, broken);
    } finally {
      if (sockets.size() < required.size()) {
        connections.forEach(Sockets::closeQuietly);
      }
    }
  }

  /** Opens one WebSocket; the caller closes it. */
  WebSocket upgrade(String target) {
    HttpConnection connection = open();
    WebSocketHandshake handshake = WebSocketHandshake.random();
    HttpRequest request = handshake.request(target);
    try {
      connection.send(request);
      handshake.verify(connection.receive(connection));
      return new WebSocket(connection.socket());
    } catch (IOException broken) {
      Sockets.closeQuietly(connection);
      throw lost(request, broken);
    }
  }

  /** A connection of an earlier request that the daemon still holds open. */
  private Optional<HttpConnection> kept() {
    for (HttpConnection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      if (each.alive()) {
        return Optional.of(each);
      }
      Sockets.closeQuietly(each); // the daemon was restarted since
    }
    return Optional.empty();
  }

  private void giveBack(HttpConnection connection) {
    if (connection.reusable()) {
      idle.addFirst(connection);
    } else {
      Sockets.closeQuietly(connection);
    }
  }

  private HttpConnection open() {
    Path known = found;
    if (known != null) {
      return open(known);
    }
    Failure first = null;
    for (Path candidate : socket.candidates()) {
      try {
        HttpConnection connection = open(candidate);
        found = candidate;
        return connection;
      } catch (Failure unreachable) {
        // A daemon that is there and cannot be used tells more than one that is not installed.
        if (first == null || first.code() == FailureCode.LXD_SOCKET_MISSING) {
          first = unreachable;
        }
      }
    }
    if (first == null) {
      throw new IllegalStateException("no socket to try");
    }
    throw first;
  }

  private HttpConnection open(Path path) {
    try {
      return new HttpConnection(SocketStream.connect(path));
    } catch (ClosedByInterruptException interrupted) {
      throw Failure.interrupted(interrupted);
    } catch (IOException unreachable) {
      throw Unreachable.explain(path, socket, unreachable);
    } catch (UnsupportedOperationException foreign) {
      throw Failure.of(
              FailureCode.LXD_SOCKET_MISSING, "This system has no unix sockets to reach LXD with")
          .causedBy(foreign);
    }
  }

  private Failure lost(HttpRequest request, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return Failure.interrupted(cause);
    }
    return Failure.of(
            FailureCode.LXD_CONNECTION_LOST,
            "The connection to the daemon at " + path() + " broke while it worked on a request")
        .because(request.method() + " " + pathOf(request.target()) + ": " + cause.getMessage())
        .causedBy(cause);
  }

  /** The target without its query, which may hold a WebSocket's secret. */
  private static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
