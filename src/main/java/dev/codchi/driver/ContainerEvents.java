package dev.codchi.driver;

import java.util.function.Consumer;

/**
 * What the backend tells of its containers by itself, so that nobody has to ask again and again.
 */
public interface ContainerEvents {
  /**
   * Follows the containers of this computer, whoever changes them. Blocks until the backend ends
   * the conversation, which it does when it is restarted, or this thread is interrupted.
   *
   * @param listening called once, when no later change can be missed any more
   * @param changed told the backend's name of a container that was made, changed or removed
   * @throws dev.codchi.failure.Failure {@code LXD_*} when the backend cannot be reached, {@code
   *     INTERRUPTED}
   */
  void follow(Runnable listening, Consumer<String> changed);
}
