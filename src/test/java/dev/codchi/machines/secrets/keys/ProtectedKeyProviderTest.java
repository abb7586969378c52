package dev.codchi.machines.secrets.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.SecretsSettings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What codchi makes of an operating system's seal, and when that is whose. */
class ProtectedKeyProviderTest {
  @TempDir Path directory;

  private final MemoryProtection protection = new MemoryProtection();
  private final ProtectedKeyProvider provider = new ProtectedKeyProvider("dpapi", protection);

  private static FailureCode failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call).code();
  }

  @Test
  void whatWasWrappedIsUnwrappedForTheSameMachineOnly() {
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      try (DataKey unwrapped = provider.unwrap(wrapped, "web")) {
        assertThat(unwrapped.copy()).isEqualTo(key.copy());
      }
      assertThat(new String(wrapped, java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain(new String(key.copy(), java.nio.charset.StandardCharsets.ISO_8859_1));
      assertThat(failureOf(() -> provider.unwrap(wrapped, "db"))).isEqualTo(FailureCode.KEY_WRONG);
      ProtectedKeyProvider other = new ProtectedKeyProvider("other", protection);
      assertThat(failureOf(() -> other.unwrap(wrapped, "web"))).isEqualTo(FailureCode.KEY_WRONG);
    }
  }

  @Test
  void everyChangedByteIsNoticed() {
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      for (int at = 0; at < wrapped.length; at++) {
        byte[] changed = wrapped.clone();
        changed[at] ^= 1;
        assertThat(failureOf(() -> provider.unwrap(changed, "web")))
            .as("byte %d", at)
            .isIn(FailureCode.KEY_WRONG, FailureCode.VAULT_DAMAGED);
      }
      assertThat(failureOf(() -> provider.unwrap(new byte[0], "web")))
          .isEqualTo(FailureCode.VAULT_DAMAGED);
      assertThat(failureOf(() -> provider.unwrap(new byte[] {1}, "web")))
          .isEqualTo(FailureCode.VAULT_DAMAGED);
    }
  }

  @Test
  void anotherAccountIsToldWhatToDo() {
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      protection.anotherAccount();

      Failure failure = catchThrowableOfType(Failure.class, () -> provider.unwrap(wrapped, "web"));

      assertThat(failure.code()).isEqualTo(FailureCode.KEY_WRONG);
      assertThat(failure.why()).contains("another account");
      assertThat(failure.nextStep()).contains("move the vault away");
    }
  }

  @Test
  void whatIsNoKeyIsNotTakenForOne() {
    byte[] sealed = protection.seal(new byte[31], bound("web"));
    byte[] wrapped = new byte[sealed.length + 1];
    wrapped[0] = 1;
    System.arraycopy(sealed, 0, wrapped, 1, sealed.length);

    assertThat(failureOf(() -> provider.unwrap(wrapped, "web")))
        .isEqualTo(FailureCode.VAULT_DAMAGED);
  }

  @Test
  void whereItIsTheSystemsKeeperItIsChosenAndTheKeyringIsUnknown() {
    KeyProviders windows = providers("");
    assertThat(windows.chosen().id()).isEqualTo("dpapi");
    assertThat(windows.of("dpapi").id()).isEqualTo("dpapi");
    assertThat(failureOf(() -> windows.of("keyring"))).isEqualTo(FailureCode.VAULT_NEWER);
    assertThat(providers("keyfile").chosen().id()).isEqualTo("keyfile");

    assertThat(failureOf(() -> windows.renewal(Optional.empty())))
        .isEqualTo(FailureCode.KEY_NOT_OURS);

    Failure failure = catchThrowableOfType(Failure.class, () -> providers("keyring").chosen());
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_SETTINGS);
    assertThat(failure.why()).contains("dpapi, passphrase and keyfile");
  }

  private KeyProviders providers(String chosen) {
    SystemKeeper keeper =
        new SystemKeeper() {
          @Override
          public String id() {
            return "dpapi";
          }

          @Override
          public boolean isReachable() {
            return true;
          }

          @Override
          public KeyProvider provider() {
            return provider;
          }
        };
    return new KeyProviders(
        () ->
            new SecretsSettings(
                Optional.of(chosen).filter(word -> !word.isEmpty()),
                directory.resolve("secrets.key"),
                Optional.empty(),
                List.of()),
        (machine, fresh) -> SecretValue.ofText("unused"),
        keeper);
  }

  private static byte[] bound(String machine) {
    byte[] keeper = "codchi-data-key dpapi".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] name = machine.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return java.nio.ByteBuffer.allocate(8 + keeper.length + name.length)
        .putInt(keeper.length)
        .put(keeper)
        .putInt(name.length)
        .put(name)
        .array();
  }
}
