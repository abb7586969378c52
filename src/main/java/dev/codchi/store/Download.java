package dev.codchi.store;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Brings one file with a known checksum to this computer. */
final class Download {
  private static final int CHUNK = 1 << 16;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final long MEGABYTE = 1_000_000;

  private final Map<String, String> environment;

  /**
   * A downloader.
   *
   * @param environment asked for {@code https_proxy}, {@code http_proxy} and {@code no_proxy}
   */
  Download(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Fetches the file unless it is there already. The file appears under its name only when it is
   * complete and its checksum is right.
   *
   * @param source an http, https or file URL
   * @param sha256 64 hexadecimal digits
   * @throws Failure {@code STORE_DOWNLOAD}, {@code STORE_CHECKSUM}
   */
  void fetch(URI source, String sha256, Path target, Progress progress) {
    if (Files.exists(target)) {
      return;
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (Progress.Step step = progress.begin("Downloading " + source)) {
      Files.createDirectories(target.getParent());
      String found = copy(source, part, step);
      if (!found.equals(sha256.toLowerCase(Locale.ROOT))) {
        Files.deleteIfExists(part);
        throw Failure.of(
                FailureCode.STORE_CHECKSUM, "the file at " + source + " is not the expected one")
            .because("its SHA-256 is " + found + ", expected " + sha256);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | GeneralSecurityException e) {
      throw failed(source, e.toString()).causedBy(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "the download of " + source + " was interrupted")
          .causedBy(e);
    }
  }

  private String copy(URI source, Path part, Progress.Step step)
      throws IOException, GeneralSecurityException, InterruptedException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    if ("file".equals(source.getScheme())) {
      Path file = Path.of(source.getPath());
      try (InputStream in = Files.newInputStream(file)) {
        transfer(in, part, digest, step, Files.size(file));
      }
    } else {
      try (HttpClient client = client(source)) {
        HttpRequest request = HttpRequest.newBuilder(source).header("User-Agent", "codchi").build();
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
          if (response.statusCode() != 200) {
            throw failed(source, "the server answered " + response.statusCode());
          }
          transfer(
              in,
              part,
              digest,
              step,
              response.headers().firstValueAsLong("content-length").orElse(-1));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void transfer(
      InputStream in, Path part, MessageDigest digest, Progress.Step step, long size)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long done = 0;
    long shown = 0;
    try (OutputStream out = Files.newOutputStream(part)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
        out.write(chunk, 0, n);
        done += n;
        if (done - shown >= MEGABYTE) {
          shown = done;
          step.update(
              size > 0
                  ? done / MEGABYTE + " of " + size / MEGABYTE + " MB"
                  : done / MEGABYTE + " MB");
        }
      }
    }
  }

  private HttpClient client(URI source) throws IOException, GeneralSecurityException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL);
    if ("https".equals(source.getScheme())) {
      builder.sslContext(HostTrust.tls());
    }
    proxy(source).ifPresent(address -> builder.proxy(ProxySelector.of(address)));
    return builder.build();
  }

  /** The variables' meaning is curl's: lower case wins, {@code no_proxy} lists host suffixes. */
  Optional<InetSocketAddress> proxy(URI source) {
    String host = source.getHost() == null ? "" : source.getHost();
    for (String excluded : variable("no_proxy").orElse("").split("[,\\s]+")) {
      String suffix = excluded.startsWith(".") ? excluded.substring(1) : excluded;
      if (excluded.equals("*")
          || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
        return Optional.empty();
      }
    }
    return variable(source.getScheme() + "_proxy")
        .map(text -> URI.create(text.contains("://") ? text : "http://" + text))
        .filter(uri -> uri.getHost() != null)
        .map(uri ->
            InetSocketAddress.createUnresolved(
                uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()))
        .map(address -> new InetSocketAddress(address.getHostString(), address.getPort()));
  }

  private Optional<String> variable(String name) {
    String value = environment.getOrDefault(name, environment.get(name.toUpperCase(Locale.ROOT)));
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }

  private static Failure failed(URI source, String why) {
    return Failure.of(FailureCode.STORE_DOWNLOAD, "cannot download " + source).because(why);
  }
}
