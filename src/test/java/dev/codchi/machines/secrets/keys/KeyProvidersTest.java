package dev.codchi.machines.secrets.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.SecretsSettings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyProvidersTest {
  @TempDir Path directory;

  private final MemoryKeyring keyring = new MemoryKeyring();
  private String answer = "correct horse";

  private KeyProviders providers(String chosen) {
    return new KeyProviders(
        () ->
            new SecretsSettings(
                Optional.of(chosen).filter(word -> !word.isEmpty()),
                directory.resolve("secrets.key"),
                Optional.empty(),
                List.of()),
        (machine, fresh) -> SecretValue.ofText(answer),
        new KeyringKeeper(keyring));
  }

  private static FailureCode failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call).code();
  }

  private static void assertKeeps(KeyProvider provider) {
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      try (DataKey unwrapped = provider.unwrap(wrapped, "web")) {
        assertThat(unwrapped.copy()).isEqualTo(key.copy());
      }
      assertThat(failureOf(() -> provider.unwrap(wrapped, "db"))).isEqualTo(FailureCode.KEY_WRONG);
      byte[] changed = wrapped.clone();
      changed[wrapped.length - 1] ^= 1;
      assertThat(failureOf(() -> provider.unwrap(changed, "web"))).isEqualTo(FailureCode.KEY_WRONG);
      assertThat(failureOf(() -> provider.unwrap(new byte[3], "web")))
          .isEqualTo(FailureCode.VAULT_DAMAGED);
    }
  }

  @Test
  void theKeyringIsChosenWhenNobodyElseIs() {
    assertThat(providers("").chosen().id()).isEqualTo("keyring");
    assertKeeps(providers("").chosen());
  }

  @Test
  void withoutAKeyringNobodyIsChosenSilently() {
    keyring.vanish();

    Failure failure = catchThrowableOfType(Failure.class, () -> providers("").chosen());

    assertThat(failure.code()).isEqualTo(FailureCode.KEYRING_ABSENT);
    assertThat(failure.nextStep())
        .contains("secrets.provider passphrase")
        .contains("secrets.provider keyfile");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatIsChosenIsUsedWhateverTheKeyringDoes() {
    keyring.vanish();

    assertThat(providers("passphrase").chosen().id()).isEqualTo("passphrase");
    assertThat(providers("keyfile").chosen().id()).isEqualTo("keyfile");
    assertThat(failureOf(() -> providers("plain").chosen())).isEqualTo(FailureCode.BAD_SETTINGS);
    assertThat(failureOf(() -> providers("").of("tpm"))).isEqualTo(FailureCode.VAULT_NEWER);
  }

  @Test
  void aLostKeyIsCalledSo() {
    KeyProvider provider = providers("").chosen();
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      keyring.empty();
      assertThat(failureOf(() -> provider.unwrap(wrapped, "web"))).isEqualTo(FailureCode.KEY_LOST);
    }
  }

  @Test
  void aPassphraseKeepsKeysAndAnotherOneDoesNot() {
    KeyProvider provider =
        new PassphraseProvider(
            (machine, fresh) -> SecretValue.ofText(answer), new Scrypt(10, 8, 1));
    assertKeeps(provider);
    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      assertThat(provider.wrap(key, "web")).isNotEqualTo(wrapped);
      answer = "another";
      assertThat(failureOf(() -> provider.unwrap(wrapped, "web"))).isEqualTo(FailureCode.KEY_WRONG);
      byte[] costly = wrapped.clone();
      costly[1] = 30;
      assertThat(failureOf(() -> provider.unwrap(costly, "web")))
          .isEqualTo(FailureCode.VAULT_DAMAGED);
    }
  }

  @Test
  void aPassphraseFileIsReadByItsFirstLine() throws IOException {
    Path file = directory.resolve("passphrase");
    Files.writeString(file, "correct horse\nignored\n");
    try (SecretValue passphrase = new PassphraseFile(file).passphrase("web", false)) {
      assertThat(passphrase).isEqualTo(SecretValue.ofText("correct horse"));
    }
    Files.writeString(file, "\nsecond\n");
    assertThat(failureOf(() -> new PassphraseFile(file).passphrase("web", false)))
        .isEqualTo(FailureCode.NEEDS_ANSWER);
    Files.delete(file);
    assertThat(failureOf(() -> new PassphraseFile(file).passphrase("web", false)))
        .isEqualTo(FailureCode.NEEDS_ANSWER);
  }

  @Test
  void withoutATerminalAPassphraseIsNotAskedFor() {
    assertThat(failureOf(() -> new NobodyToAsk().passphrase("web", true)))
        .isEqualTo(FailureCode.NEEDS_ANSWER);
  }

  @Test
  void aKeyFileIsMadeForItsOwnerAloneAndRefusedWhenOpenToOthers() throws IOException {
    KeyProvider provider = providers("keyfile").chosen();
    Path file = directory.resolve("secrets.key");
    assertKeeps(provider);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    try (DataKey key = DataKey.random()) {
      byte[] wrapped = provider.wrap(key, "web");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      assertThat(failureOf(() -> provider.unwrap(wrapped, "web")))
          .isEqualTo(FailureCode.KEY_FILE_UNSAFE);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(file, "something else\n");
      assertThat(failureOf(() -> provider.unwrap(wrapped, "web"))).isEqualTo(FailureCode.KEY_WRONG);
      Files.delete(file);
      assertThat(failureOf(() -> provider.unwrap(wrapped, "web"))).isEqualTo(FailureCode.KEY_LOST);
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void keysNeverShowThemselves() {
    try (DataKey key = DataKey.random();
        IdentifiedKey identified = IdentifiedKey.random()) {
      assertThat(key).hasToString("[key]");
      assertThat(identified.toString()).endsWith("key=[key]]");
      assertThat(IdentifiedKey.isId(identified.id())).isTrue();
    }
  }
}
