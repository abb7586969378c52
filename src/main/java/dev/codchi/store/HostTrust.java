package dev.codchi.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Which certificate authorities this computer trusts, so that company networks work from the first
 * download on.
 */
public final class HostTrust {
  /**
   * Where distributions keep the bundle: Debian and Arch, Fedora, openSUSE, Alpine; NixOS uses the
   * first.
   */
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private HostTrust() {}

  /** The system's bundle of authorities, PEM; nothing where the system has none. */
  public static Optional<Path> bundle() {
    return BUNDLES.stream().filter(Files::isReadable).findFirst();
  }

  /**
   * A TLS context that trusts what this computer trusts; Java's own list where the computer has no
   * bundle.
   */
  static SSLContext tls() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    Optional<Path> bundle = bundle();
    if (bundle.isEmpty()) {
      context.init(null, null, new SecureRandom());
      return context;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(bundle.get()))) {
      int number = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + number++, authority);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    context.init(null, factory.getTrustManagers(), new SecureRandom());
    return context;
  }
}
