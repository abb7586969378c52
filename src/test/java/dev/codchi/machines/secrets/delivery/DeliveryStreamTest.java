package dev.codchi.machines.secrets.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.codchi.failure.Failure;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveryStreamTest {
  @Test
  void writesEveryValueWithItsLengthInBytes() {
    Map<SecretId, SecretValue> secrets = new LinkedHashMap<>();
    secrets.put(SecretId.env("GITLAB_TOKEN"), SecretValue.ofText("glpät"));
    secrets.put(SecretId.file("registry-password"), SecretValue.ofText("a\nb'"));
    secrets.put(SecretId.token("github.com"), SecretValue.ofText("ghp_never"));
    try (DeliveryStream stream = DeliveryStream.of(Map.of("DISPLAY", ":0"), secrets)) {
      assertThat(new String(stream.bytes(), StandardCharsets.UTF_8))
          .isEqualTo(
              """
              codchi-deliver 1
              env DISPLAY 2
              :0
              secret-env GITLAB_TOKEN 6
              glpät
              secret-file registry-password 4
              a
              b'
              end
              """);
    }
  }

  @Test
  void keepsAnyBytesOfFiles() {
    byte[] value = {0, (byte) 0xff, '\n', 0};
    Map<SecretId, SecretValue> secrets = Map.of(SecretId.file("f"), SecretValue.copyOf(value));
    try (DeliveryStream stream = DeliveryStream.of(Map.of(), secrets)) {
      assertThat(new String(stream.bytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo("codchi-deliver 1\nsecret-file f 4\n\0\u00ff\n\0\nend\n");
    }
  }

  @Test
  void isEmptyOnceClosed() {
    DeliveryStream stream = DeliveryStream.of(Map.of("A", "b"), Map.of());
    stream.close();

    assertThat(stream.bytes()).isEmpty();
  }

  @Test
  void refusesWhatWouldBreakTheProtocol() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> DeliveryStream.of(Map.of("A B", "c"), Map.of()));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> DeliveryStream.of(Map.of("A", "b\0c"), Map.of()));
  }
}
