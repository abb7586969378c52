package dev.codchi.machines.secrets.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.codchi.config.Directories;
import dev.codchi.config.SecretsSettings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.machines.secrets.Vault;
import dev.codchi.machines.secrets.VaultLocation;
import dev.codchi.machines.secrets.Vaults;
import dev.codchi.machines.secrets.keys.DataKey;
import dev.codchi.machines.secrets.keys.IdentifiedKey;
import dev.codchi.machines.secrets.keys.KeyProviders;
import dev.codchi.machines.secrets.keys.KeyringKeeper;
import dev.codchi.redaction.KnownValues;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.freedesktop.dbus.DBusPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the real GNOME Keyring, on a message bus of its own. */
@Timeout(240)
class SecretServiceKeyringIT {
  @TempDir Path home;

  private KeyringSession session;

  @BeforeEach
  void startBus() throws Exception {
    List<String> missing = KeyringSession.missingPrograms();
    if (!missing.isEmpty()) {
      String reason = "programs are missing: " + String.join(", ", missing);
      if ("required".equals(System.getenv("CODCHI_E2E"))) {
        fail(reason);
      }
      Assumptions.abort(reason);
    }
    session = KeyringSession.start(home);
  }

  @AfterEach
  void end() {
    if (session != null) {
      session.close();
    }
  }

  private Failure failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(Failure.class, call);
  }

  @Test
  void makesOneKeyThatOtherProgramsCanReadAndFindsItAgain() throws Exception {
    session.startUnlocked();
    SecretServiceKeyring keyring = session.keyring();
    assertThat(keyring.isReachable()).isTrue();

    try (IdentifiedKey first = keyring.current();
        IdentifiedKey second = keyring.current();
        DataKey found = keyring.find(first.id()).orElseThrow()) {
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(found.copy()).isEqualTo(first.key().copy()).isEqualTo(second.key().copy());
      String stored = first.id() + " " + HexFormat.of().formatHex(first.key().copy());
      assertThat(session.lookUp("application", "codchi")).isEqualTo(stored);
      assertThat(session.lookUp("key", first.id())).isEqualTo(stored);
    }
    assertThat(keyring.find("0123456789abcdef0123456789abcdef")).isEmpty();
  }

  @Test
  void holdsTheKeyOfAVaultAndNothingElse() throws Exception {
    session.startUnlocked();
    VaultLocation web =
        new VaultLocation("web", home.resolve("vault"), home.resolve("lock/vault.lock"));
    SecretId id = SecretId.env("TOKEN");
    vaults().change(web, "test", vault -> set(vault, id, "canary-8d1f"));

    assertThat(vaults().read(web, vault -> text(vault, id))).hasValue("canary-8d1f");
    assertThat(session.lookUp("application", "codchi")).matches("[0-9a-f]{32} [0-9a-f]{64}");
    assertThat(Files.readString(web.file(), StandardCharsets.ISO_8859_1))
        .startsWith("codchi-vault\n")
        .doesNotContain("canary");
  }

  @Test
  void aNewKeyIsBesideTheOldOneUntilThatIsRetired() throws Exception {
    session.startUnlocked();
    SecretServiceKeyring keyring = session.keyring();
    for (int renewals = 0; renewals < 3; renewals++) {
      try (IdentifiedKey old = keyring.current()) {
        keyring.renew();
        // Killed here, another call makes one more.
        keyring.renew();
        try (IdentifiedKey fresh = keyring.current();
            DataKey still = keyring.find(old.id()).orElseThrow()) {
          assertThat(fresh.id()).isNotEqualTo(old.id());
          assertThat(still.copy()).isEqualTo(old.key().copy());

          keyring.retire();
          keyring.retire();

          assertThat(keyring.find(old.id())).isEmpty();
          assertThat(session.lookUp("application", "codchi")).startsWith(fresh.id());
          try (IdentifiedKey now = keyring.current()) {
            assertThat(now.id()).isEqualTo(fresh.id());
          }
        }
      }
    }
  }

  @Test
  void allVaultsGetTheNewKeyAndALockedKeyringLeavesThemAsTheyWere() throws Exception {
    session.startUnlocked();
    Directories directories = new Directories(home.resolve("config"), home.resolve("data"));
    SecretId id = SecretId.env("TOKEN");
    List<VaultLocation> all =
        List.of(VaultLocation.of(directories, "db"), VaultLocation.of(directories, "web"));
    all.forEach(each -> vaults().change(each, "test", vault -> set(vault, id, each.machine())));
    String old = session.lookUp("application", "codchi");

    vaults().rekey(directories, Optional.empty(), step -> {});

    assertThat(session.lookUp("application", "codchi")).isNotEqualTo(old).isNotEmpty();
    assertThat(session.lookUp("key", old.substring(0, 32))).isEmpty();
    for (VaultLocation each : all) {
      assertThat(vaults().read(each, vault -> text(vault, id))).hasValue(each.machine());
    }
    byte[] before = Files.readAllBytes(all.getFirst().file());
    lock();
    assertThat(failureOf(() -> vaults().rekey(directories, Optional.empty(), step -> {})).code())
        .isEqualTo(FailureCode.KEYRING_LOCKED);
    assertThat(Files.readAllBytes(all.getFirst().file())).isEqualTo(before);
  }

  private void lock() throws Exception {
    try (SessionBus bus = session.connect();
        SecretService service = SecretService.open(bus)) {
      bus.call(
          Duration.ofSeconds(20),
          "/org/freedesktop/secrets",
          "org.freedesktop.Secret.Service",
          "Lock",
          "ao",
          List.of(new DBusPath(service.defaultCollection())));
    }
  }

  @Test
  void theKeyCannotBeReadOffTheBus() throws Exception {
    session.startUnlocked();
    Path traffic = session.watch();
    SecretServiceKeyring keyring = session.keyring();
    String text;
    try (IdentifiedKey key = keyring.current();
        DataKey again = keyring.find(key.id()).orElseThrow()) {
      text = HexFormat.of().formatHex(again.copy());
    }
    // secret-tool reads it in the same way; what it asks for marks the end of the record.
    session.lookUp("end-of-record", "yes");
    String seen = "";
    while (!seen.contains("end-of-record")) {
      Thread.onSpinWait();
      seen = Files.readString(traffic, StandardCharsets.ISO_8859_1);
    }
    assertThat(seen).contains("CreateItem").contains("GetSecret").doesNotContain(text);
  }

  @Test
  void aLockedKeyringThatNobodyUnlocksIsCalledSo() throws Exception {
    session.startUnlocked();
    SecretServiceKeyring keyring = session.keyring();
    String id;
    try (IdentifiedKey key = keyring.current()) {
      id = key.id();
    }
    lock();

    assertThat(keyring.isReachable()).isTrue();
    assertThat(failureOf(() -> keyring.find(id)).code()).isEqualTo(FailureCode.KEYRING_LOCKED);
    assertThat(failureOf(keyring::current).code()).isEqualTo(FailureCode.KEYRING_LOCKED);
  }

  @Test
  void aKeyringThatWasNeverSetUpIsCalledSo() throws Exception {
    session.startBare();

    Failure failure = failureOf(() -> session.keyring().current());

    assertThat(failure.code()).isIn(FailureCode.KEYRING_ABSENT, FailureCode.KEYRING_LOCKED);
    assertThat(failure.nextStep()).contains("passphrase").contains("keyfile");
  }

  @Test
  void withoutAKeyringThereIsNoVaultAndThePersonIsToldWhatElseThereIs() {
    VaultLocation web =
        new VaultLocation("web", home.resolve("vault"), home.resolve("lock/vault.lock"));

    assertThat(session.keyring().isReachable()).isFalse();
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> vaults().change(web, "test", vault -> set(vault, SecretId.env("A"), "b")))
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(FailureCode.KEYRING_ABSENT);
          assertThat(failure.nextStep()).contains("passphrase").contains("keyfile");
        });
    assertThat(web.file()).doesNotExist();
  }

  @Test
  void withoutASessionThereIsNoKeyring() {
    SecretServiceKeyring keyring = new SecretServiceKeyring(Optional::empty);

    assertThat(keyring.isReachable()).isFalse();
    assertThat(failureOf(keyring::current).why()).contains("no desktop session");
    SecretServiceKeyring stale =
        new SecretServiceKeyring(() -> Optional.of("unix:path=" + home.resolve("gone")));
    assertThat(stale.isReachable()).isFalse();
  }

  @Test
  void aKeyringThatDisappearsIsMissedAndItsKeySurvivesIt() throws Exception {
    Process daemon = session.startUnlocked();
    SecretServiceKeyring keyring = session.keyring();
    String id;
    try (IdentifiedKey key = keyring.current()) {
      id = key.id();
    }
    KeyringSession.end(daemon);

    assertThat(failureOf(() -> keyring.find(id)).code()).isEqualTo(FailureCode.KEYRING_ABSENT);

    session.startUnlocked();
    assertThat(keyring.find(id)).isPresent();
  }

  private Vaults vaults() {
    return new Vaults(
        new KeyProviders(
            () ->
                new SecretsSettings(
                    Optional.empty(), home.resolve("unused"), Optional.empty(), List.of()),
            (machine, fresh) -> {
              throw new AssertionError("nobody is asked for a passphrase");
            },
            new KeyringKeeper(session.keyring())),
        new KnownValues());
  }

  private static boolean set(Vault vault, SecretId id, String value) {
    vault.set(id, SecretValue.ofText(value));
    return true;
  }

  private static String text(Vault vault, SecretId id) {
    try (SecretValue value = vault.get(id).orElseThrow()) {
      return new String(value.bytes(), StandardCharsets.UTF_8);
    }
  }
}
