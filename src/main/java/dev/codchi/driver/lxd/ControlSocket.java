package dev.codchi.driver.lxd;

import dev.codchi.driver.Execution;
import java.io.IOException;
import java.util.Optional;

/**
 * The out-of-band socket of a running program: signals and window sizes as JSON text messages
 * ("Instances", {@code InstanceExecControl}). Closing it while the program runs kills the program.
 */
final class ControlSocket {
  private final Optional<WebSocket> socket;

  /** Without a socket, the program had ended before it could be connected. */
  ControlSocket(Optional<WebSocket> socket) {
    this.socket = socket;
  }

  void signal(int number) {
    send(LxdApi.object().put("command", "signal").put("signal", number).toString());
  }

  void resize(Execution.Size size) {
    var message = LxdApi.object().put("command", "window-resize");
    message
        .putObject("args")
        .put("width", Integer.toString(size.columns()))
        .put("height", Integer.toString(size.rows()));
    send(message.toString());
  }

  private void send(String message) {
    if (socket.isPresent()) {
      try {
        socket.get().sendText(message);
      } catch (IOException ended) {
        // The daemon closes the socket when the program ends; there is nobody left to tell.
        close();
      }
    }
  }

  /** Ends the program if it still runs. */
  void close() {
    socket.ifPresent(Sockets::closeQuietly);
  }
}
