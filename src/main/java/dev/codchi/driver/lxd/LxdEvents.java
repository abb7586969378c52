package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.LxdSettings;
import dev.codchi.driver.ContainerEvents;
import dev.codchi.files.JsonText;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The daemon's stream of lifecycle events (LXD and Incus documentation, "Events"): one JSON object
 * in each WebSocket message, whose {@code source} is the path of what has changed.
 */
@ApplicationScoped
@IfBuildProfile("linux")
public class LxdEvents implements ContainerEvents {
  private static final Logger LOG = Logger.getLogger(LxdEvents.class);
  private static final String STREAM = "/1.0/events?type=lifecycle";
  private static final String INSTANCE = "/1.0/instances/";

  private final UnixLxdConnection connection;

  /** Events of the daemon that the settings, the environment or the usual places name. */
  @Inject
  public LxdEvents(LxdSettings settings) {
    this(settings, System.getenv());
  }

  LxdEvents(LxdSettings settings, Map<String, String> environment) {
    connection = new UnixLxdConnection(LxdSocket.locate(settings.socket(), environment));
  }

  @Override
  public void follow(Runnable listening, Consumer<String> changed) {
    try (WebSocket socket = connection.upgrade(STREAM)) {
      listening.run();
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      byte[] piece = new byte[8192];
      for (WebSocket.Frame frame = socket.next(); frame != null; frame = socket.next()) {
        int count = socket.read(piece, 0, piece.length);
        while (count >= 0) {
          message.write(piece, 0, count);
          count = socket.read(piece, 0, piece.length);
        }
        if (frame.last()) {
          tell(JsonText.MAPPER.readTree(message.toByteArray()), changed);
          message.reset();
        }
      }
    } catch (IOException ended) {
      // A daemon that stops says nothing before; the caller connects again.
      LOG.debug("the daemon's events have ended", ended);
    }
  }

  private static void tell(JsonNode event, Consumer<String> changed) {
    String source = event.path("metadata").path("source").asText();
    if (source.startsWith(INSTANCE)) {
      changed.accept(source.substring(INSTANCE.length()).split("[/?]", 2)[0]);
    }
  }
}
