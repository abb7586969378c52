package dev.codchi.driver.lxd;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 response whose body has not been read yet. Closing it gives the connection back; a
 * body that was read to its end leaves the connection usable for the next request.
 */
final class HttpResponse implements Closeable {
  private final int status;
  private final Map<String, String> headers;
  private final InputStream body;
  private final Closeable release;

  /**
   * @param headers names in lower case
   * @param release called once, when the caller has finished
   */
  HttpResponse(int status, Map<String, String> headers, InputStream body, Closeable release) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.release = release;
  }

  int status() {
    return status;
  }

  /** The value of a header, in whatever case its name is written; {@code null} when absent. */
  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  InputStream body() {
    return body;
  }

  @Override
  public void close() throws IOException {
    release.close();
  }
}
