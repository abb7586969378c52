package dev.codchi.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.Directories;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritiesTest {
  @TempDir Path directory;

  private Authorities authorities;
  private HostTrust trust;
  private Path bundle;

  @BeforeEach
  void open() throws IOException {
    authorities = new Authorities(() -> new Directories(directory.resolve("config"), directory));
    bundle = directory.resolve("bundle.crt");
    trust = new HostTrust(() -> Optional.of(bundle), authorities);
    Files.writeString(bundle, "# of the system\n" + resource("first"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = AuthoritiesTest.class.getResourceAsStream(name + ".pem")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("given"), content);
  }

  private FailureCode refused(Path file, String name) {
    return catchThrowableOfType(Failure.class, () -> authorities.add(file, name)).code();
  }

  @Test
  void addsListsAndRemoves() throws IOException {
    assertThat(authorities.list()).isEmpty();
    authorities.add(file("key: none of ours\n" + resource("second") + resource("first")), "ours");
    authorities.add(file(resource("second") + resource("first")), "ours");

    assertThat(authorities.list())
        .extracting(Authority::name, Authority::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("ours", "CN=second,O=Example"),
            org.assertj.core.groups.Tuple.tuple("ours", "CN=first,O=Example"));
    assertThat(authorities.list().getFirst().fingerprint()).matches("[0-9a-f]{64}");
    authorities.remove("ours");
    assertThat(authorities.list()).isEmpty();
    assertThat(catchThrowableOfType(Failure.class, () -> authorities.remove("ours")).code())
        .isEqualTo(FailureCode.NO_SUCH_CERTIFICATE);
  }

  @Test
  void takesDerAndNothingButCertificates() throws IOException {
    byte[] der =
        Base64.getMimeDecoder().decode(resource("first").replaceAll("-----[A-Z ]+-----", ""));
    Path file = Files.write(directory.resolve("given.der"), der);

    assertThat(authorities.add(file, "der").getFirst().subject()).isEqualTo("CN=first,O=Example");
    authorities.add(
        file(resource("second") + "-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----\n"),
        "both");
    assertThat(Files.readString(authorities.directory().resolve("both.pem")))
        .isEqualTo(resource("second"));
  }

  @Test
  void refusesWhatIsBroken() throws IOException {
    assertThat(refused(file("nothing"), "a")).isEqualTo(FailureCode.BAD_CERTIFICATE);
    assertThat(refused(file(""), "a")).isEqualTo(FailureCode.BAD_CERTIFICATE);
    assertThat(refused(file("0garbage"), "a")).isEqualTo(FailureCode.BAD_CERTIFICATE);
    assertThat(refused(file(resource("first") + resource("second").replace("MII", "MIJ")), "a"))
        .isEqualTo(FailureCode.BAD_CERTIFICATE);
    assertThat(refused(directory.resolve("absent"), "a")).isEqualTo(FailureCode.BAD_USAGE);
    assertThat(refused(file(resource("first")), "../a")).isEqualTo(FailureCode.BAD_USAGE);
    assertThat(authorities.list()).isEmpty();
    authorities.add(file(resource("first")), "a");
    assertThat(refused(file(resource("second")), "a")).isEqualTo(FailureCode.CERTIFICATE_EXISTS);
  }

  @Test
  void trustIsTheComputersAndWhatWasAddedEachOnce() throws Exception {
    String before = trust.state();
    authorities.add(file(resource("second") + resource("first")), "ours");

    assertThat(trust.state()).isNotEqualTo(before);
    assertThat(new String(trust.read().pem(), StandardCharsets.US_ASCII))
        .isEqualTo(resource("first") + resource("second"));
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(new ByteArrayInputStream(trust.read().trustStore()), null);
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void leavesDamagedEntriesOfTheComputersBundleOut() throws IOException {
    Files.writeString(
        bundle,
        resource("first").replace("MII", "MIJ")
            + "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"
            + resource("second"));

    HostTrust.Trust read = trust.read();
    assertThat(read.malformed()).isEqualTo(2);
    assertThat(new String(read.pem(), StandardCharsets.US_ASCII)).isEqualTo(resource("second"));
  }
}
