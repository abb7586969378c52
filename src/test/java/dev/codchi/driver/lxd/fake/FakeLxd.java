package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A fake LXD 5 on a unix socket. It keeps its containers below a directory, runs programs as
 * processes of this computer, and does wrong what {@link #faults()} says.
 */
public final class FakeLxd implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FakeLxd.class);

  private static final List<String> EXTENSIONS =
      List.of(
          "instances",
          "patch",
          "etag",
          "file_delete",
          "file_symlinks",
          "instance_file_head",
          "directory_manipulation",
          "container_exec_signal_handling",
          "container_exec_user_group_cwd",
          "id_map",
          "instance_nic_network",
          "network_leases");

  private final Path socket;
  private final FakeState state;
  private final Faults faults = new Faults();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Wire> connections = ConcurrentHashMap.newKeySet();
  private final Router router;
  private ServerSocketChannel listening;
  private Thread accepting = Thread.currentThread();

  /**
   * Starts it.
   *
   * @param directory an empty directory with a short path; the socket is {@code unix.socket} in it
   */
  public FakeLxd(Path directory) throws IOException {
    socket = directory.resolve("unix.socket");
    state = new FakeState(directory);
    state.server.put("auth", "trusted");
    EXTENSIONS.forEach(state.server.putArray("api_extensions")::add);
    state
        .server
        .putObject("environment")
        .put("server", "lxd")
        .put("server_version", "5.0.2")
        .put("kernel_architecture", "x86_64")
        .put("storage", "dir");
    router = new Router(state);
    listening = listen();
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /** Holds back what it is asked to do from now on. */
  public HeldWork hold() {
    return router.operations().hold();
  }

  /** What it should do wrong. */
  public Faults faults() {
    return faults;
  }

  /** All requests so far, as {@code METHOD PATH}, WebSockets included. */
  public List<String> requests() {
    return requests;
  }

  /** What {@code GET /1.0} answers; may be changed. */
  public ObjectNode server() {
    return state.server;
  }

  /** The names of the storage pools; may be changed. */
  public List<String> pools() {
    return state.pools;
  }

  /** The networks; may be changed. */
  public List<ObjectNode> networks() {
    return state.networks;
  }

  /** Sets what liblxc's log of an instance says. */
  public void log(String instance, String text) {
    state.logs.put(instance, text);
  }

  /** The configuration that an instance was created with. */
  public JsonNode instance(String name) {
    return Objects.requireNonNull(state.instances.get(name)).describe();
  }

  /** Ends all connections and listens again, as after a restart of the daemon. */
  public void restart() throws IOException {
    disconnect();
    Files.deleteIfExists(socket);
    listening = listen();
  }

  /** Ends as if killed: the socket file stays, nobody listens. */
  public void kill() throws IOException {
    disconnect();
  }

  private void disconnect() throws IOException {
    listening.close();
    try {
      accepting.join(); // only then is the socket really closed
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    for (Wire wire : connections) {
      wire.close();
    }
  }

  @Override
  public void close() throws IOException {
    disconnect();
    Files.deleteIfExists(socket);
    for (FakeInstance instance : state.instances.values()) {
      try {
        instance.stop(0, true);
      } catch (Refusal stopped) {
        LOG.debug("stopped before", stopped);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket), 64);
    accepting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  SocketChannel client = channel.accept();
                  Thread.ofVirtual().start(() -> serve(new Wire(client)));
                }
              } catch (IOException closed) {
                LOG.debug("the fake daemon ends", closed);
              }
            });
    return channel;
  }

  private void serve(Wire wire) {
    connections.add(wire);
    boolean upgraded = false;
    try {
      for (var request = wire.request(); request != null; request = wire.request()) {
        requests.add(request.method() + " " + request.path());
        if (request.path().endsWith("/websocket")) {
          upgraded = true;
          router.connect(request, wire);
          return;
        }
        Faults.Fault fault = faults.next(request);
        if (fault != null && fault.kind() == Faults.Kind.LOSE) {
          return;
        }
        answer(wire, request, fault);
      }
    } catch (IOException gone) {
      LOG.debug("a client is gone", gone);
    } finally {
      if (!upgraded) {
        connections.remove(wire);
        end(wire);
      }
    }
  }

  private void answer(Wire wire, Wire.Request request, Faults.@Nullable Fault fault)
      throws IOException {
    try {
      if (fault != null && fault.kind() == Faults.Kind.REFUSE) {
        throw new Refusal(fault.status(), fault.text());
      }
      if (fault != null) {
        Operations.Begun failing = router.operations().begin();
        failing.fail(fault.status(), fault.text());
        Router.async(wire, failing, JsonNodeFactory.instance.objectNode());
        return;
      }
      router.answer(request, wire);
    } catch (Refusal refusal) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("type", "error").put("error", refusal.text()).put("error_code", refusal.status());
      Router.json(wire, refusal.status(), body, "");
    }
  }

  private static void end(Wire wire) {
    try {
      wire.close();
    } catch (IOException closed) {
      throw new java.io.UncheckedIOException(closed);
    }
  }
}
