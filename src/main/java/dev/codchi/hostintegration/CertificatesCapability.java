package dev.codchi.hostintegration;

import dev.codchi.files.WholeFile;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import dev.codchi.network.HostTrust;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;

/**
 * The certificate authorities that this computer trusts, in a machine's own bundle: the machine
 * driver joins them with those of the machine's configuration.
 */
@ApplicationScoped
class CertificatesCapability implements Capability {
  /** What the machine driver looks for. */
  private static final String BUNDLE = "ca-bundle.crt";

  private static final String JAVA_TRUST_STORE = "cacerts";

  private final HostTrust trust;

  CertificatesCapability(HostTrust trust) {
    this.trust = trust;
  }

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public String purpose() {
    return "trust the certificate authorities that this computer trusts";
  }

  @Override
  public Consent consent() {
    return Consent.NOT_NEEDED;
  }

  @Override
  public Offer offer() {
    HostTrust.Trust read = trust.read();
    if (read.malformed() > 0) {
      return new Offer.Broken(
          read.malformed() + " entries are damaged and left out; see 'codchi certs list'");
    }
    return read.authorities().isEmpty()
        ? new Offer.Absent("this computer has no bundle of authorities; certs.bundle names one")
        : new Offer.Available(read.authorities().size() + " authorities");
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    HostTrust.Trust read = trust.read();
    if (read.authorities().isEmpty()) {
      return List.of();
    }
    byte[] pem = read.pem();
    return List.of(
        new Attachment.HostFile(BUNDLE, pem, 0644),
        new Attachment.HostFile(JAVA_TRUST_STORE, trustStore(machine, read, pem), 0644),
        // JDKs of nixpkgs read it; others take -Djavax.net.ssl.trustStore.
        new Attachment.Variable(
            "JAVAX_NET_SSL_TRUSTSTORE", MachineSide.FILES + "/" + JAVA_TRUST_STORE));
  }

  /** That which the machine has while it fits: a new one would differ by its dates. */
  private static byte[] trustStore(MachineSide machine, HostTrust.Trust read, byte[] pem) {
    return WholeFile.read(machine.files().resolve(BUNDLE))
        .filter(present -> Arrays.equals(present, pem))
        .flatMap(_ -> WholeFile.read(machine.files().resolve(JAVA_TRUST_STORE)))
        .orElseGet(read::trustStore);
  }

  @Override
  public String state(MachineSide machine) {
    return trust.state();
  }
}
