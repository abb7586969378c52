package dev.codchi.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KnownValuesTest {
  private final KnownValues known = new KnownValues();

  private void remember(String value) {
    known.remember(value.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void masksWhatItWasToldSoFar() {
    assertThat(known.redact("first second")).isEqualTo("first second");
    remember("first");
    assertThat(known.redact("first second")).isEqualTo("[secret] second");
    remember("second");
    remember("first");
    assertThat(known.redact("first second")).isEqualTo("[secret] [secret]");
  }

  @Test
  void masksAValueThatItsOwnerHasWiped() {
    byte[] value = "hunter22".getBytes(StandardCharsets.UTF_8);
    known.remember(value);
    java.util.Arrays.fill(value, (byte) 0);

    assertThat(known.redact("pw hunter22")).isEqualTo("pw [secret]");
  }

  @Test
  void forgetsEverythingAtItsEnd() {
    remember("hunter22");
    known.forget();

    assertThat(known.redact("hunter22")).isEqualTo("hunter22");
  }
}
