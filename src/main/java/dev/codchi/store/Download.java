package dev.codchi.store;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.FullDisk;
import dev.codchi.network.HostProxy;
import dev.codchi.network.HostTrust;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
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
import org.jspecify.annotations.Nullable;

/** Brings one file with a known checksum to this computer. */
final class Download {
  private static final int CHUNK = 1 << 16;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final long MEGABYTE = 1_000_000;

  private final HostTrust trust;
  private final HostProxy proxy;

  /**
   * A downloader.
   *
   * @param trust whom it trusts
   * @param proxy what it goes through
   */
  Download(HostTrust trust, HostProxy proxy) {
    this.trust = trust;
    this.proxy = proxy;
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
      boolean full = e instanceof IOException failed && FullDisk.isMeantBy(failed);
      throw full
          ? Failure.of(FailureCode.DISK_FULL, "cannot write " + part)
              .because(e.toString())
              .causedBy(e)
          : failed(source, e.toString()).causedBy(e);
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
      builder.sslContext(trust.tls());
    }
    proxy
        .of(source)
        .ifPresent(server -> {
          builder.proxy(ProxySelector.of(new InetSocketAddress(server.host(), server.port())));
          authenticate(builder, server);
        });
    return builder.build();
  }

  /** Basic authentication in front of a tunnel is off in Java by default. */
  private static void authenticate(HttpClient.Builder builder, HostProxy.Server proxy) {
    if (proxy.password().isEmpty()) {
      return;
    }
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    builder.authenticator(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                ? new PasswordAuthentication(proxy.user(), proxy.password().toCharArray())
                : null;
          }
        });
  }

  private static Failure failed(URI source, String why) {
    return Failure.of(FailureCode.STORE_DOWNLOAD, "cannot download " + source).because(why);
  }
}
