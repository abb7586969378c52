package dev.codchi.hostintegration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The variables that say how to reach the person's desktop. A codchi that was started outside of
 * it, over SSH or by a timer, uses those that an earlier one has seen in the session, as long as
 * the session lasts: machines keep their display.
 */
@ApplicationScoped
public class DesktopSession {
  private static final List<String> GRAPHICAL = List.of("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY");

  private final Map<String, String> environment;
  private volatile @Nullable Map<String, String> graphical;

  /** The session of this process. */
  @Inject
  DesktopSession() {
    this(System.getenv());
  }

  /** The session that a process with these variables belongs to. */
  public DesktopSession(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * A variable of the session; nothing where it is not set or empty.
   *
   * @param name one that every process of the person has, or one of the graphical session's
   */
  public Optional<String> variable(String name) {
    Map<String, String> source = GRAPHICAL.contains(name) ? graphical() : environment;
    return Optional.ofNullable(source.get(name)).filter(value -> !value.isEmpty());
  }

  /** {@code XDG_RUNTIME_DIR}; nothing where the person has none. */
  public Optional<Path> runtimeDirectory() {
    return Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
        .filter(path -> path.startsWith("/"))
        .or(() -> userId().map(id -> "/run/user/" + id))
        .map(Path::of)
        .filter(Files::isDirectory);
  }

  /** The person's home directory. */
  public Path home() {
    return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
  }

  private static Optional<Object> userId() {
    try {
      return Optional.of(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException elsewhere) {
      return Optional.empty();
    }
  }

  /** Lets later processes outside of the session find it. Writes only what has changed. */
  void remember() {
    Map<String, String> own = own();
    if (own.isEmpty() || own.equals(remembered())) {
      return;
    }
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    own.forEach(json::put);
    memory()
        .ifPresent(file -> {
          try {
            WholeFile.write(file, json.toString(), 0600);
          } catch (Failure unwritable) {
            // Only convenience is lost.
          }
        });
  }

  private Map<String, String> graphical() {
    Map<String, String> known = graphical;
    if (known == null) {
      Map<String, String> own = own();
      known = own.isEmpty() ? remembered() : own;
      graphical = known;
    }
    return known;
  }

  /**
   * The variables of this process; none where its display is another computer's, as with {@code ssh
   * -X}, which a machine cannot reach.
   */
  private Map<String, String> own() {
    Map<String, String> own = new TreeMap<>();
    for (String name : GRAPHICAL) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        own.put(name, value);
      }
    }
    boolean local =
        own.containsKey("WAYLAND_DISPLAY") || XDisplay.parse(own.get("DISPLAY")).isPresent();
    return local ? own : Map.of();
  }

  private Map<String, String> remembered() {
    Map<String, String> all = new TreeMap<>();
    try {
      Optional<byte[]> content = memory().flatMap(WholeFile::read);
      if (content.isPresent()) {
        JsonNode json = JsonText.MAPPER.readTree(content.get());
        json.properties().forEach(each -> all.put(each.getKey(), each.getValue().asText()));
      }
    } catch (IOException | Failure damaged) {
      // As if nothing had been remembered.
    }
    return all;
  }

  private Optional<Path> memory() {
    return runtimeDirectory().map(directory -> directory.resolve("codchi/session.json"));
  }
}
