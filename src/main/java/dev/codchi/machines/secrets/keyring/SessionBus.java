package dev.codchi.machines.secrets.keyring;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.matchrules.DBusMatchRule;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.MethodReturn;
import org.jboss.logging.Logger;

/**
 * A connection to the desktop session's message bus. Calls are sent as messages, not through
 * proxies made at run time, so that a native program needs to know nothing about their interfaces.
 */
public final class SessionBus implements AutoCloseable {
  private final DBusConnection connection;
  private final String destination;

  private SessionBus(DBusConnection connection, String destination) {
    this.connection = connection;
    this.destination = destination;
  }

  /**
   * Where the session's bus listens, as its environment says: the address in {@code
   * DBUS_SESSION_BUS_ADDRESS}, else the socket {@code bus} in {@code XDG_RUNTIME_DIR}.
   */
  public static Optional<String> address(Map<String, String> environment) {
    String named = environment.getOrDefault("DBUS_SESSION_BUS_ADDRESS", "");
    for (String address : named.split(";", -1)) {
      if (address.startsWith("unix:")) {
        return Optional.of(address);
      }
    }
    String directory = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!directory.isEmpty()) {
      Path socket = Path.of(directory, "bus");
      if (Files.exists(socket)) {
        return Optional.of("unix:path=" + socket);
      }
    }
    return Optional.empty();
  }

  /**
   * Connects.
   *
   * @param address the bus
   * @param destination the well-known name that all calls go to
   * @throws Failure {@code KEYRING_ABSENT} when the bus does not answer
   */
  static SessionBus connect(String address, String destination) {
    try {
      return new SessionBus(
          DBusConnectionBuilder.forAddress(address).withShared(false).build(), destination);
    } catch (DBusException | DBusExecutionException failed) {
      throw Failure.of(FailureCode.KEYRING_ABSENT, "The session bus does not answer")
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }

  /**
   * Calls a method and waits for its result. The bus starts the other side where it can.
   *
   * @param signature the types of the arguments, as D-Bus writes them
   * @return the results in D-Bus's own types
   * @throws BusError when the other side answers with an error, or not in time
   */
  Object[] call(
      Duration patience,
      String path,
      String type,
      String member,
      String signature,
      Object... arguments)
      throws BusError {
    try {
      MethodCall call =
          connection
              .getMessageFactory()
              .createMethodCall(
                  destination,
                  path,
                  type,
                  member,
                  (byte) 0,
                  signature.isEmpty() ? null : signature,
                  arguments);
      connection.sendMessage(call);
      Message reply = call.getReply(patience.toMillis());
      if (reply == null) {
        throw new BusError("", member + " got no answer in " + patience.toSeconds() + " s");
      }
      Object[] results = reply.getParameters();
      if (!(reply instanceof MethodReturn)) {
        String text = results != null && results.length > 0 ? String.valueOf(results[0]) : "";
        throw new BusError(String.valueOf(reply.getName()), text);
      }
      return results == null ? new Object[0] : results;
    } catch (DBusException | DBusExecutionException failed) {
      throw new BusError("", String.valueOf(failed.getMessage()), failed);
    }
  }

  /** What begins something that ends with a signal. */
  @FunctionalInterface
  interface Beginning {
    void begin() throws BusError;
  }

  /**
   * Listens for a signal, begins what leads to it, and waits for it.
   *
   * @param isIt tells the signal from others of its kind by their arguments
   * @return the signal's arguments
   * @throws BusError when it does not come in time, or the other side leaves the bus
   */
  Object[] await(
      Duration patience,
      String path,
      String type,
      String member,
      Predicate<Object[]> isIt,
      Beginning beginning)
      throws BusError {
    CompletableFuture<Object[]> arrived = new CompletableFuture<>();
    DBusMatchRule rule =
        DBusMatchRuleBuilder.create()
            .withType("signal")
            .withPath(path)
            .withInterface(type)
            .withMember(member)
            .build();
    try (AutoCloseable _ = handler(rule, isIt, arrived::complete, arrived);
        AutoCloseable _ =
            handler(
                owners(),
                changed -> destination.equals(changed[0]) && "".equals(changed[2]),
                left -> arrived.completeExceptionally(new BusError("", "it ended meanwhile")),
                arrived)) {
      beginning.begin();
      return arrived.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (BusError failed) {
      throw failed;
    } catch (TimeoutException late) {
      throw new BusError("", member + " did not come in " + patience.toSeconds() + " s", late);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BusError("", "interrupted", stop);
    } catch (ExecutionException unreadable) {
      if (unreadable.getCause() instanceof BusError ended) {
        throw ended;
      }
      throw new BusError("", "unreadable signal " + member, unreadable);
    } catch (Exception failed) {
      throw new BusError("", String.valueOf(failed.getMessage()), failed);
    }
  }

  private AutoCloseable handler(
      DBusMatchRule rule,
      Predicate<Object[]> isIt,
      Consumer<Object[]> then,
      CompletableFuture<?> unreadable)
      throws DBusException {
    return connection.addGenericSigHandler(
        rule,
        signal -> {
          try {
            Object[] arguments = signal.getParameters();
            if (isIt.test(arguments)) {
              then.accept(arguments);
            }
          } catch (DBusException failed) {
            unreadable.completeExceptionally(failed);
          }
        });
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException closed) {
      Logger.getLogger(SessionBus.class).debug("", closed);
    }
  }

  /**
   * Tells who comes and goes. No constant: a native binary makes constants while it is built, and
   * the bus' classes at run time.
   */
  private static DBusMatchRule owners() {
    return DBusMatchRuleBuilder.create()
        .withType("signal")
        .withPath("/org/freedesktop/DBus")
        .withInterface("org.freedesktop.DBus")
        .withMember("NameOwnerChanged")
        .build();
  }
}
