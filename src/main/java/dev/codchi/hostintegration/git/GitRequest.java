package dev.codchi.hostintegration.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code git credential-cache} of a machine says to the socket. Git 2.39 writes {@code
 * action=get}, {@code timeout=900} and the description of git-credential(1), all as lines of {@code
 * KEY=VALUE}, then shuts its side down and reads until the end. Whoever is in the machine can write
 * anything else.
 */
sealed interface GitRequest {
  /** The most that a request may have; git's own have some hundred bytes. */
  int MOST_BYTES = 64 * 1024;

  /**
   * A question for a password.
   *
   * @param path of the repository, which git gives where {@code credential.useHttpPath} is set
   * @param username whose password, where git knows that
   */
  record Question(GitServer server, Optional<String> path, Optional<String> username)
      implements GitRequest {
    /**
     * The description that {@code git credential fill} reads; nothing of the machine's text else.
     */
    byte[] description() {
      StringBuilder lines = new StringBuilder();
      lines.append("protocol=").append(server.protocol()).append('\n');
      lines.append("host=").append(server.authority()).append('\n');
      path.ifPresent(text -> lines.append("path=").append(text).append('\n'));
      username.ifPresent(text -> lines.append("username=").append(text).append('\n'));
      return lines.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Nothing that is answered.
   *
   * @param what for the log; holds nothing of the request
   */
  record Unanswered(String what) implements GitRequest {}

  /** What is known of other actions, so that no text of a machine gets into the log. */
  List<String> OTHER_ACTIONS = List.of("store", "erase", "exit");

  /** What may be there once only. Other keys, such as {@code capability[]}, mean nothing here. */
  List<String> SINGLE = List.of("action", "protocol", "host", "path", "username");

  /**
   * Reads to the end.
   *
   * @throws IOException when the other side breaks off
   */
  static GitRequest read(InputStream input) throws IOException {
    byte[] bytes = input.readNBytes(MOST_BYTES + 1);
    try {
      return bytes.length > MOST_BYTES
          ? new Unanswered("something too long")
          : parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      return new Unanswered("something that is no text");
    } finally {
      // What asks to store holds a password.
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** What a text asks for. */
  private static GitRequest parse(String text) {
    Optional<Map<String, String>> parsed = attributes(text);
    if (parsed.isEmpty()) {
      return new Unanswered("something that git does not say");
    }
    Map<String, String> attributes = parsed.get();
    String action = attributes.getOrDefault("action", "");
    if (!action.equals("get")) {
      return new Unanswered(OTHER_ACTIONS.contains(action) ? "to " + action : "something unknown");
    }
    Optional<GitServer> server =
        GitServer.of(attributes.getOrDefault("protocol", ""), attributes.getOrDefault("host", ""));
    return server
        .<GitRequest>map(found ->
            new Question(
                found,
                Optional.ofNullable(attributes.get("path")),
                Optional.ofNullable(attributes.get("username"))))
        .orElseGet(() -> new Unanswered("for what is no web server"));
  }

  /** The attributes; nothing where a line is not one, or two readers could read another thing. */
  private static Optional<Map<String, String>> attributes(String text) {
    if (!text.endsWith("\n")) {
      return Optional.empty();
    }
    Map<String, String> attributes = new HashMap<>();
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals < 1 || line.chars().anyMatch(Character::isISOControl)) {
        return Optional.empty();
      }
      String key = line.substring(0, equals);
      if (SINGLE.contains(key) && attributes.put(key, line.substring(equals + 1)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(attributes);
  }
}
