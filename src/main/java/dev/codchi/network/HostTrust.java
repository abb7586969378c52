package dev.codchi.network;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Which certificate authorities hold: those that this computer trusts, and those that the person
 * added, so that company networks work from the first download on.
 */
@ApplicationScoped
public class HostTrust {
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

  private static final char[] TRUST_STORE_PASSWORD = "changeit".toCharArray();

  private final Supplier<Optional<Path>> chosen;
  private final Authorities added;

  /**
   * What was found.
   *
   * @param authorities all that are trusted, each once
   * @param malformed how many entries are damaged, and left out
   */
  public record Trust(List<X509Certificate> authorities, int malformed) {
    /**
     * PEM, for OpenSSL, GnuTLS and all that builds on them. Only sound entries: one that is damaged
     * would make OpenSSL refuse the whole file.
     */
    public byte[] pem() {
      return Pem.write(authorities);
    }

    /**
     * For Java, of the type JKS, which every Java opens without a password. The password that Java
     * wants for writing is its usual one; certificates are public.
     */
    public byte[] trustStore() {
      try {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        int number = 0;
        for (X509Certificate authority : authorities) {
          store.setCertificateEntry("ca" + number++, authority);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, TRUST_STORE_PASSWORD);
        return out.toByteArray();
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException("every Java can write a JKS in memory", e);
      }
    }
  }

  @Inject
  HostTrust(Settings settings, Authorities added) {
    this(() -> settings.text(Setting.CERTS_BUNDLE).map(Path::of), added);
  }

  /**
   * What holds for this computer.
   *
   * @param chosen the bundle that a person names; nothing where the usual places count
   */
  HostTrust(Supplier<Optional<Path>> chosen, Authorities added) {
    this.chosen = chosen;
    this.added = added;
  }

  /** The system's bundle of authorities, PEM; nothing where the system has none. */
  public Optional<Path> bundle() {
    return chosen.get().or(() -> BUNDLES.stream().filter(Files::isReadable).findFirst());
  }

  /** Reads everything, which takes some ten milliseconds; {@link #state} is cheap. */
  public Trust read() {
    Set<X509Certificate> authorities = new LinkedHashSet<>();
    int malformed = 0;
    for (Path file : sources()) {
      Pem.Content content = Pem.read(WholeFile.read(file).orElse(new byte[0]));
      authorities.addAll(content.certificates());
      malformed += content.malformed();
    }
    return new Trust(List.copyOf(authorities), malformed);
  }

  /** A text that differs when {@link #read} would find something else. */
  public String state() {
    StringBuilder state = new StringBuilder();
    for (Path file : sources()) {
      try {
        state
            .append(file)
            .append(' ')
            .append(Files.size(file))
            .append(' ')
            .append(Files.getLastModifiedTime(file).toMillis())
            .append('\n');
      } catch (IOException gone) {
        state.append(file).append(" gone\n");
      }
    }
    return state.toString();
  }

  /**
   * A TLS context that trusts them; Java's own list where there are none.
   *
   * @throws GeneralSecurityException when this Java lacks what TLS needs
   */
  public SSLContext tls() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    List<X509Certificate> authorities = read().authorities();
    if (authorities.isEmpty()) {
      context.init(null, null, new SecureRandom());
      return context;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("ca" + number++, authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    context.init(null, factory.getTrustManagers(), new SecureRandom());
    return context;
  }

  private List<Path> sources() {
    List<Path> sources = new ArrayList<>();
    bundle().ifPresent(sources::add);
    sources.addAll(added.files());
    return sources;
  }
}
