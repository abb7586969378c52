package dev.codchi.machines.secrets.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.DataKey;
import dev.codchi.machines.secrets.keys.IdentifiedKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against the real KeePassXC and the real KWallet, on a message bus of their own and without a
 * person. Skipped where they are not installed.
 */
@Timeout(240)
class OtherKeyringsIT {
  @TempDir Path home;

  private KeyringSession session;

  @BeforeEach
  void startBus() throws Exception {
    requireInstalled(KeyringSession.missingPrograms());
    session = KeyringSession.start(home);
  }

  @AfterEach
  void end() {
    if (session != null) {
      session.close();
    }
  }

  private static void requireInstalled(List<String> missing) {
    Assumptions.assumeTrue(missing.isEmpty(), () -> "programs are missing: " + missing);
  }

  private KeePassXc keePassXc() {
    requireInstalled(KeePassXc.missingPrograms());
    return new KeePassXc(session, home);
  }

  private KWallet kWallet() {
    requireInstalled(KWallet.missingPrograms());
    return new KWallet(session, home);
  }

  private static Failure failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call);
  }

  /** A key is made, found again, and read by another program of the person. */
  private String keepsAKey() throws Exception {
    SecretServiceKeyring keyring = session.keyring();
    assertThat(keyring.isReachable()).isTrue();
    try (IdentifiedKey first = keyring.current();
        IdentifiedKey second = keyring.current();
        DataKey found = keyring.find(first.id()).orElseThrow()) {
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(found.copy()).isEqualTo(first.key().copy()).isEqualTo(second.key().copy());
      String stored = first.id() + " " + HexFormat.of().formatHex(first.key().copy());
      assertThat(session.lookUp("key", first.id())).isEqualTo(stored);
      assertThat(keyring.find("0123456789abcdef0123456789abcdef")).isEmpty();
      return first.id();
    }
  }

  /** The key makes room for a new one, which is the only one then. */
  private String renewsTheKey(String old) throws Exception {
    SecretServiceKeyring keyring = session.keyring();
    keyring.renew();
    try (IdentifiedKey fresh = keyring.current();
        DataKey still = keyring.find(old).orElseThrow()) {
      assertThat(fresh.id()).isNotEqualTo(old);
      assertThat(still.copy()).isNotEqualTo(fresh.key().copy());
      keyring.retire();
      assertThat(keyring.find(old)).isEmpty();
      assertThat(session.lookUp("application", "codchi")).startsWith(fresh.id());
      return fresh.id();
    }
  }

  @Test
  void keePassXcKeepsAKeyAlsoWhenItStartsAnew() throws Exception {
    KeePassXc keePassXc = keePassXc();
    Process keyring = keePassXc.startUnlocked();
    String id = renewsTheKey(keepsAKey());

    keePassXc.end(keyring);
    assertThat(failureOf(() -> session.keyring().find(id)).code())
        .isEqualTo(FailureCode.KEYRING_ABSENT);
    keePassXc.startUnlocked();

    assertThat(session.keyring().find(id)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"true, SearchItems", "false, org.freedesktop.Secret.Prompt"})
  void aLockedKeePassXcIsAskedToOpenAndNotWaitedForOnceItIsClosed(
      boolean opensBeforeSearch, String asked) throws Exception {
    KeePassXc keePassXc = keePassXc();
    Process unlocked = keePassXc.startUnlocked();
    String id = keepsAKey();
    keePassXc.end(unlocked);
    Process keyring = keePassXc.startLocked(opensBeforeSearch);
    SecretServiceKeyring waiting = session.keyring();
    Path traffic = session.watch();
    KeyringSession.until(() -> Files.size(traffic) > 0);

    CompletableFuture<Failure> outcome =
        CompletableFuture.supplyAsync(() -> failureOf(() -> waiting.find(id)));
    KeyringSession.until(
        () -> Files.readString(traffic, StandardCharsets.ISO_8859_1).contains(asked));
    assertThat(outcome).isNotDone();
    KeyringSession.end(keyring);

    assertThat(outcome.get().code()).isEqualTo(FailureCode.KEYRING_ABSENT);
  }

  @Test
  void kWalletKeepsAKeyAlsoWhenItStartsAnew() throws Exception {
    KWallet kWallet = kWallet();
    Process keyring = kWallet.startUnlocked();
    String id = renewsTheKey(keepsAKey());

    kWallet.end(keyring);
    assertThat(failureOf(() -> session.keyring().find(id)).code())
        .isEqualTo(FailureCode.KEYRING_ABSENT);
    kWallet.startUnlocked();

    assertThat(session.keyring().find(id)).isPresent();
  }

  @Test
  void aKWalletWithoutAWalletIsCalledSo() throws Exception {
    kWallet().startBare();

    Failure failure = failureOf(() -> session.keyring().current());

    assertThat(failure.code()).isEqualTo(FailureCode.KEYRING_ABSENT);
    assertThat(failure.what()).contains("no default collection");
    assertThat(failure.nextStep()).contains("passphrase").contains("keyfile");
  }
}
