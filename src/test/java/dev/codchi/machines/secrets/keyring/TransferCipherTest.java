package dev.codchi.machines.secrets.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferCipherTest {
  @Test
  void bothSidesAgree() throws Exception {
    TransferCipher.Agreement one = new TransferCipher.Agreement();
    TransferCipher.Agreement two = new TransferCipher.Agreement();
    byte[] secret = "hunter2".getBytes(StandardCharsets.UTF_8);
    try (TransferCipher first = one.with(two.publicKey());
        TransferCipher second = two.with(one.publicKey())) {
      TransferCipher.Hidden hidden = first.hide(secret);
      assertThat(second.reveal(hidden)).isEqualTo(secret);
      assertThat(hidden.value()).hasSize(16).isNotEqualTo(first.hide(secret).value());
    }
    assertThat(one.publicKey()).hasSize(128).isNotEqualTo(two.publicKey());
  }

  @Test
  void refusesNumbersThatGiveTheKeyAway() {
    TransferCipher.Agreement one = new TransferCipher.Agreement();

    assertThatIllegalArgumentException().isThrownBy(() -> one.with(new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> one.with(new byte[] {1}));
    byte[] large = new byte[128];
    java.util.Arrays.fill(large, (byte) 0xff);
    assertThatIllegalArgumentException().isThrownBy(() -> one.with(large));
  }

  @Test
  void findsTheBusAsTheSessionSays(@TempDir java.nio.file.Path directory) throws Exception {
    assertThat(SessionBus.address(Map.of())).isEmpty();
    assertThat(SessionBus.address(Map.of("XDG_RUNTIME_DIR", directory.toString()))).isEmpty();
    java.nio.file.Files.createFile(directory.resolve("bus"));
    assertThat(SessionBus.address(Map.of("XDG_RUNTIME_DIR", directory.toString())))
        .hasValue("unix:path=" + directory.resolve("bus"));
    assertThat(
            SessionBus.address(
                Map.of("DBUS_SESSION_BUS_ADDRESS", "tcp:host=x;unix:abstract=/tmp/y,guid=1")))
        .hasValue("unix:abstract=/tmp/y,guid=1");
  }
}
