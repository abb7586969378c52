package dev.codchi.driver.lxd;

import java.util.List;
import java.util.Optional;

/**
 * How requests reach the daemon; the only thing that knows sockets. All methods report an
 * unreachable or lost daemon as a {@link dev.codchi.failure.Failure} with an {@code LXD_*} code.
 */
interface LxdConnection {
  /** Sends a request and returns the head of the answer; the caller closes it. */
  HttpResponse send(HttpRequest request);

  /** Sends a request whose answer is read later, when it is known to be there or wanted. */
  Pending begin(HttpRequest request);

  /**
   * Opens several WebSockets at the same time: all the required ones, or none.
   *
   * @param required request targets; the result has their order
   * @param optional a target whose socket the daemon may refuse, because what it belongs to can end
   *     as soon as the required ones are connected
   */
  Upgraded upgrade(List<String> required, String optional);

  /** Connected WebSockets. */
  record Upgraded(List<WebSocket> required, Optional<WebSocket> optional) {}

  /** An answer that has not been read. */
  @FunctionalInterface
  interface Pending {
    /** Waits for the answer's head; the caller closes it. */
    HttpResponse await();
  }
}
