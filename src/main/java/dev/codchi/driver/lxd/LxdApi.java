package dev.codchi.driver.lxd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.failure.Undisturbed;
import dev.codchi.files.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's REST interface: JSON in and out, operations followed to their end.
 *
 * <p>Source: LXD and Incus documentation, "REST API" (return values: sync, async, error) and "Main
 * API". Refusals come out as {@link LxdError}, lost connections as {@link Failure}.
 */
final class LxdApi {

  private final LxdConnection connection;

  LxdApi(LxdConnection connection) {
    this.connection = connection;
  }

  LxdConnection connection() {
    return connection;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A path below an instance. */
  static String instance(String name, String rest) {
    return "/1.0/instances/" + encode(name) + rest;
  }

  /** Percent-encodes a path segment or query value. */
  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * What a GET answers, with the version of the object for a guarded {@link #replace}.
   *
   * @param metadata the object
   * @param etag its version, if the daemon told one
   */
  record Versioned(JsonNode metadata, @Nullable String etag) {}

  JsonNode get(String path) {
    return getVersioned(path).metadata();
  }

  /**
   * Like {@link #get(String)}, of which only a part is wanted.
   *
   * @param wanted lets through what is wanted, and what marks an answer as an error: see {@link
   *     Wanted}
   */
  JsonNode get(String path, TokenFilter wanted) {
    return getVersioned(path, wanted).metadata();
  }

  Versioned getVersioned(String path) {
    return getVersioned(path, Wanted.USUAL);
  }

  private Versioned getVersioned(String path, TokenFilter wanted) {
    try (HttpResponse response = connection.send(HttpRequest.of("GET", path))) {
      JsonNode answer = answer(response, wanted);
      return new Versioned(answer.path("metadata"), response.header("ETag"));
    } catch (IOException broken) {
      throw lost(path, broken);
    }
  }

  /**
   * Sends a change and waits for its end, also when the daemon makes it an operation. A first
   * interruption ends the wait, not the request.
   */
  JsonNode change(String method, String path, @Nullable JsonNode body) {
    HttpRequest request = HttpRequest.of(method, path);
    return change(body == null ? request : request.withJson(body.toString()));
  }

  JsonNode change(HttpRequest request) {
    // What the daemon has begun when this ends is among its operations, where others find it.
    JsonNode answer = Undisturbed.call(() -> send(request));
    return isOperation(answer)
        ? operation(answer.path("metadata").path("id").asText())
        : answer.path("metadata");
  }

  /**
   * Makes an instance, to its end: whoever stopped to wait could not know whether there will be
   * one, because the daemon neither stops to make it nor tells of it at once.
   */
  JsonNode make(JsonNode instance) {
    return Undisturbed.call(() -> change("POST", "/1.0/instances", instance));
  }

  /** Replaces an object unless somebody else has changed it since it was read. */
  JsonNode replace(String path, JsonNode body, @Nullable String etag) {
    HttpRequest request = HttpRequest.of("PUT", path).withJson(body.toString());
    return change(etag == null ? request : request.with("If-Match", etag));
  }

  /** Sends a request and returns the whole answer, an operation that has only begun included. */
  JsonNode send(HttpRequest request) {
    try (HttpResponse response = connection.send(request)) {
      return answer(response);
    } catch (IOException broken) {
      throw lost(request.target(), broken);
    }
  }

  /** A raw answer, for files and logs; the caller closes it. Refusals are reported as errors. */
  HttpResponse raw(HttpRequest request) {
    HttpResponse response = connection.send(request);
    if (response.status() >= 400) {
      try (response) {
        answer(response);
      } catch (IOException broken) {
        throw lost(request.target(), broken);
      }
      throw new LxdError(response.status(), "refused without a reason");
    }
    return response;
  }

  /** Begins to wait for an operation's end; its answer is read with {@link #finish}. */
  LxdConnection.Pending beginWait(String id) {
    return connection.begin(HttpRequest.of("GET", waitPath(id)));
  }

  /** Reads the end of an operation: its metadata. A failed operation is an {@link LxdError}. */
  JsonNode finish(LxdConnection.Pending wait) {
    JsonNode answer;
    try (HttpResponse response = wait.await()) {
      answer = answer(response);
    } catch (IOException broken) {
      throw lost("operation", broken);
    } catch (LxdError error) {
      if (error.missing()) {
        // Operations live in the daemon's memory only.
        throw Failure.of(
                FailureCode.LXD_CONNECTION_LOST, "The daemon forgot what it was working on")
            .because("It was restarted in the middle")
            .causedBy(error);
      }
      throw error;
    }
    return finished(answer.path("metadata"));
  }

  private JsonNode operation(String id) {
    return finish(beginWait(id));
  }

  /** Where an operation's end is waited for. */
  static String waitPath(String id) {
    return "/1.0/operations/" + encode(id) + "/wait";
  }

  private static JsonNode finished(JsonNode operation) {
    // Status codes: 200 success, 400 failure, 401 cancelled ("REST API", list of status codes).
    int status = operation.path("status_code").asInt();
    if (status != 200) {
      String err = operation.path("err").asText();
      throw new LxdError(
          err.endsWith("not found") ? 404 : status,
          err.isEmpty() ? operation.path("status").asText() : err);
    }
    return operation.path("metadata");
  }

  static boolean isOperation(JsonNode answer) {
    return answer.path("type").asText().equals("async");
  }

  private static JsonNode answer(HttpResponse response) throws IOException {
    return answer(response, Wanted.USUAL);
  }

  private static JsonNode answer(HttpResponse response, TokenFilter wanted) throws IOException {
    JsonNode answer;
    try {
      answer = read(response.body(), wanted);
    } catch (JsonProcessingException foreign) {
      throw Failure.of(FailureCode.LXD_API, "The daemon gave an answer that is no JSON")
          .because("Status " + response.status())
          .next("Check that the socket belongs to LXD or Incus.")
          .causedBy(foreign);
    }
    if (answer.path("type").asText().equals("error") || response.status() >= 400) {
      int code = answer.path("error_code").asInt();
      throw new LxdError(code == 0 ? response.status() : code, answer.path("error").asText());
    }
    return answer;
  }

  /** Reads an answer, to its end, without what nobody asked for. */
  static JsonNode read(InputStream body, TokenFilter wanted) throws IOException {
    try (JsonParser parser =
        new FilteringParserDelegate(
            JsonText.MAPPER.createParser(body).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE),
            wanted,
            TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH,
            true)) {
      JsonNode answer = JsonText.MAPPER.readTree(parser);
      // Behind its end the connection is good for the next request; usually it is there already.
      if (body.read() >= 0) {
        body.transferTo(OutputStream.nullOutputStream());
      }
      return answer == null ? MissingNode.getInstance() : answer;
    }
  }

  private static Failure lost(String path, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return Failure.interrupted(cause);
    }
    return Failure.of(
            FailureCode.LXD_CONNECTION_LOST, "The daemon's answer ended before it was complete")
        .because(path + ": " + cause.getMessage())
        .causedBy(cause);
  }
}
