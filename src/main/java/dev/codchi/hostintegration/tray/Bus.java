package dev.codchi.hostintegration.tray;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.freedesktop.dbus.connections.transports.AbstractTransport;
import org.freedesktop.dbus.connections.transports.TransportBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.MethodReturn;
import org.freedesktop.dbus.types.UInt32;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the session's message bus that can be called as well as call (D-Bus Specification
 * 0.43). Messages are read and written as such: no interfaces are exported and no proxies made, so
 * a native program needs to know nothing about them.
 */
final class Bus implements AutoCloseable {
  /** The bus itself. */
  static final String BUS = "org.freedesktop.DBus";

  private static final String BUS_PATH = "/org/freedesktop/DBus";
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int NO_REPLY = 1;

  /** RequestName: fail when somebody has the name. */
  private static final int DO_NOT_QUEUE = 4;

  private static final int PRIMARY_OWNER = 1;

  /** A call of another program, or a signal. */
  record Call(String path, String type, String member, Object[] arguments) {}

  /** An answer, with its D-Bus signature. */
  record Reply(String signature, Object... values) {
    static final Reply EMPTY = new Reply("");
  }

  /** Receives what comes in, on the connection's own thread: must neither block nor call. */
  interface Receiver {
    /** Answers a call; none when there is no such method. */
    @Nullable Reply answer(Call call);

    /** Takes a signal that was subscribed to. */
    void signal(Call signal);

    /** The bus has gone. */
    void closed();
  }

  /** What another program answered instead of a result, or that nobody answered. */
  static final class CallFailed extends Exception {
    private static final long serialVersionUID = 1L;

    CallFailed(String text, @Nullable Throwable cause) {
      super(text, cause);
    }
  }

  private final AbstractTransport transport;
  private final MessageFactory messages;
  private final Receiver receiver;
  private final Map<Long, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closing;

  private Bus(AbstractTransport transport, Receiver receiver) {
    this.transport = transport;
    this.messages = transport.getMessageFactory();
    this.receiver = receiver;
  }

  /**
   * Connects.
   *
   * @param address of the bus
   * @throws CallFailed when it does not answer
   */
  static Bus connect(String address, Receiver receiver) throws CallFailed {
    try {
      AbstractTransport transport = TransportBuilder.create(address).build();
      if (!transport.isConnected()) {
        transport.connect();
      }
      Bus bus = new Bus(transport, receiver);
      Thread.ofPlatform().daemon().name("session bus").start(bus::read);
      bus.call(BUS, BUS_PATH, BUS, "Hello", "");
      return bus;
    } catch (IOException | DBusException failed) {
      throw new CallFailed(String.valueOf(failed.getMessage()), failed);
    }
  }

  /** Calls a method and waits for its result. Not for the connection's own thread. */
  Object[] call(
      String destination,
      String path,
      String type,
      String member,
      String signature,
      Object... arguments)
      throws CallFailed {
    CompletableFuture<Message> answered = new CompletableFuture<>();
    long serial = -1;
    try {
      MethodCall call =
          messages.createMethodCall(
              destination,
              path,
              type,
              member,
              (byte) 0,
              signature.isEmpty() ? null : signature,
              arguments);
      serial = call.getSerial();
      waiting.put(serial, answered);
      write(call);
      Message reply = answered.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      Object[] results = parameters(reply);
      if (!(reply instanceof MethodReturn)) {
        String text = results.length > 0 ? String.valueOf(results[0]) : "";
        throw new CallFailed(reply.getName() + ": " + text, null);
      }
      return results;
    } catch (TimeoutException late) {
      throw new CallFailed(member + " got no answer", late);
    } catch (ExecutionException | IOException | DBusException failed) {
      throw new CallFailed(String.valueOf(failed.getMessage()), failed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new CallFailed("interrupted", stop);
    } finally {
      waiting.remove(serial);
    }
  }

  /** Takes a well-known name; false when somebody has it. */
  boolean own(String name) throws CallFailed {
    Object[] answer = call(BUS, BUS_PATH, BUS, "RequestName", "su", name, new UInt32(DO_NOT_QUEUE));
    return ((Number) answer[0]).intValue() == PRIMARY_OWNER;
  }

  /** Subscribes to signals. */
  void subscribe(String rule) throws CallFailed {
    call(BUS, BUS_PATH, BUS, "AddMatch", "s", rule);
  }

  /** Sends a signal to whoever listens; one that cannot be sent any more is of no interest. */
  void emit(String path, String type, String member, String signature, Object... arguments) {
    try {
      write(
          messages.createSignal(
              null, path, type, member, signature.isEmpty() ? null : signature, arguments));
    } catch (IOException | DBusException gone) {
      log("sending " + member, gone);
    }
  }

  private void write(Message message) throws IOException {
    synchronized (transport) {
      transport.writeMessage(message);
    }
  }

  private void read() {
    try {
      while (!closing && transport.isConnected()) {
        Message message = transport.readMessage();
        if (message != null) {
          take(message);
        }
      }
    } catch (IOException | DBusException | RuntimeException ended) {
      log("reading", ended);
    } finally {
      waiting
          .values()
          .forEach(one -> one.completeExceptionally(new IOException("the bus has gone")));
      if (!closing) {
        receiver.closed();
      }
    }
  }

  private void take(Message message) throws DBusException, IOException {
    switch (message) {
      case MethodCall call -> answer(call);
      case DBusSignal signal -> receiver.signal(call(signal));
      default -> {
        CompletableFuture<Message> asked = waiting.get(message.getReplySerial());
        if (asked != null) {
          asked.complete(message);
        }
      }
    }
  }

  private void answer(MethodCall call) throws DBusException, IOException {
    Reply reply = answer(call(call));
    if ((call.getFlags() & NO_REPLY) != 0) {
      return;
    }
    write(
        reply != null
            ? messages.createMethodReturn(
                call, reply.signature().isEmpty() ? null : reply.signature(), reply.values())
            : messages.createError(
                null,
                call.getSource(),
                "org.freedesktop.DBus.Error.UnknownMethod",
                call.getSerial(),
                "s",
                "there is no " + call.getInterface() + "." + call.getName()));
  }

  /** Whoever calls with other arguments than agreed gets an error, too. */
  private @Nullable Reply answer(Call call) {
    try {
      return receiver.answer(call);
    } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException misused) {
      log("answering " + call.member(), misused);
      return null;
    }
  }

  private static Call call(Message message) throws DBusException {
    return new Call(
        String.valueOf(message.getPath()),
        String.valueOf(message.getInterface()),
        String.valueOf(message.getName()),
        parameters(message));
  }

  private static Object[] parameters(Message message) throws DBusException {
    Object[] parameters = message.getParameters();
    return parameters == null ? new Object[0] : parameters;
  }

  private static void log(String doing, Exception failed) {
    Logger.getLogger(Bus.class).debug(doing, failed);
  }

  @Override
  public void close() {
    closing = true;
    try {
      transport.close();
    } catch (IOException closed) {
      log("closing", closed);
    }
  }
}
