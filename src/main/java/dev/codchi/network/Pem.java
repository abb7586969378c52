package dev.codchi.network;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates as text (RFC 7468) or as plain DER. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----");
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
  private static final int DER_SEQUENCE = 0x30;

  /**
   * What was read.
   *
   * @param certificates in their order, each once
   * @param malformed how many blocks are no certificates
   */
  record Content(List<X509Certificate> certificates, int malformed) {}

  private Pem() {}

  /** Reads all certificates; everything around them is left out. */
  static Content read(byte[] content) {
    List<X509Certificate> found = new ArrayList<>();
    int malformed = 0;
    List<byte[]> all = new ArrayList<>();
    if (content.length > 0 && content[0] == DER_SEQUENCE) {
      all.add(content);
    }
    Matcher blocks = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
    while (blocks.find()) {
      try {
        all.add(Base64.getMimeDecoder().decode(blocks.group(1)));
      } catch (IllegalArgumentException notBase64) {
        malformed++;
      }
    }
    for (byte[] der : all) {
      try {
        X509Certificate certificate = parse(der);
        if (!found.contains(certificate)) {
          found.add(certificate);
        }
      } catch (CertificateException notACertificate) {
        malformed++;
      }
    }
    return new Content(found, malformed);
  }

  /** As text, one block for each. */
  static byte[] write(Collection<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(LINES.encodeToString(encoded(certificate)))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateException impossible) {
      throw new IllegalStateException("it was made from its encoding", impossible);
    }
  }

  private static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }
}
