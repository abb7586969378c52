package dev.codchi.network;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A certificate authority that a person added.
 *
 * @param name what the person calls it
 * @param certificate its certificate
 */
public record Authority(String name, X509Certificate certificate) {
  /** Whom it was issued for (RFC 2253). */
  public String subject() {
    return certificate.getSubjectX500Principal().getName();
  }

  /** When it ends. */
  public Instant validUntil() {
    return certificate.getNotAfter().toInstant();
  }

  /** SHA-256 of the certificate, in lower-case hexadecimal. */
  public String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Pem.encoded(certificate)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
