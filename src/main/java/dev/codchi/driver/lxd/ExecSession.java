package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs in an instance, and its sockets. Platform threads carry the streams: they
 * live as long as the program, and a virtual thread would add its scheduler's hand-overs to every
 * block of output.
 */
final class ExecSession implements Executor.Running {
  private final String container;
  private final LxdApi api;
  private final LxdConnection.Pending end;
  private final ControlSocket control;
  private final List<WebSocket> sockets;
  private final List<Thread> outputs = new ArrayList<>();
  private final Consumer<WebSocket> ended;
  private volatile @Nullable IOException trouble;
  private volatile @Nullable AutoCloseable resizes;

  /**
   * A program that is running.
   *
   * @param ended takes its sockets when it has ended, to close them
   */
  ExecSession(
      String container,
      LxdApi api,
      LxdConnection.Pending end,
      LxdConnection.Upgraded upgraded,
      Consumer<WebSocket> ended) {
    this.ended = ended;
    this.container = container;
    this.api = api;
    this.end = end;
    this.sockets = new ArrayList<>(upgraded.required());
    upgraded.optional().ifPresent(sockets::add);
    this.control = new ControlSocket(upgraded.optional());
  }

  /** Delivers output of the program until its end. */
  void deliver(WebSocket from, OutputStream to) {
    Thread pump = new Thread(() -> pump(from, to), "exec output of " + container);
    pump.setDaemon(true);
    outputs.add(pump);
    pump.start();
  }

  /** Feeds the program from a stream; at its end the program sees the end of its input. */
  void feed(InputStream from, WebSocket to) {
    Thread pump = new Thread(() -> new InputPump(from, to).run(), "exec input of " + container);
    pump.setDaemon(true); // it may sit in a read from the keyboard when the program has ended
    pump.start();
  }

  /** Keeps the size of the terminal inside that of the terminal outside, until the end. */
  void follow(Execution.Terminal terminal) {
    resizes = terminal.resized().onResize(() -> control.resize(terminal.size().get()));
  }

  private void pump(WebSocket from, OutputStream to) {
    try {
      OutputPump.copy(from, to);
    } catch (IOException broken) {
      trouble = broken;
      if (broken instanceof OutputPump.LocalOutput) {
        // Nobody listens any more: the program is ended, as a broken pipe would end it.
        control.close();
      }
    }
  }

  @Override
  public void signal(int number) {
    control.signal(number);
  }

  @Override
  public int await() {
    boolean over = false;
    try {
      for (Thread output : outputs) {
        output.join();
      }
      if (resizes != null) {
        // A terminal's operation ends only when its sockets are closed by the client.
        sockets.forEach(Sockets::closeQuietly);
      }
      if (trouble instanceof OutputPump.LocalOutput local) {
        throw new UncheckedIOException(local.reason());
      }
      int status = status(api.finish(end));
      over = true;
      return status;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      control.close();
      throw Failure.interrupted(interrupted);
    } catch (LxdError error) {
      int status = LxdExecutor.statusOf(container, error);
      over = true;
      return status;
    } finally {
      // A program that may still run is ended by the end of its control socket.
      sockets.forEach(over ? ended : Sockets::closeQuietly);
      stopFollowing();
    }
  }

  private void stopFollowing() {
    AutoCloseable notifications = resizes;
    if (notifications != null) {
      try {
        notifications.close();
      } catch (Exception broken) {
        throw new IllegalStateException("ending the notifications of a terminal", broken);
      }
    }
  }

  private int status(JsonNode metadata) {
    if (trouble != null) {
      throw Failure.of(
              FailureCode.LXD_CONNECTION_LOST,
              "The output of a program in " + container + " broke off")
          .causedBy(trouble);
    }
    JsonNode status = metadata.path("return");
    if (!status.isInt()) {
      throw Failure.of(
          FailureCode.LXD_API, "The daemon did not tell how a program in " + container + " ended");
    }
    return status.intValue();
  }
}
