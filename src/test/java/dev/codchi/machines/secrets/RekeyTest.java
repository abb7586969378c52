package dev.codchi.machines.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.Directories;
import dev.codchi.config.SecretsSettings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.GivenPassphrases;
import dev.codchi.machines.secrets.keys.KeyProviders;
import dev.codchi.machines.secrets.keys.KeyringKeeper;
import dev.codchi.machines.secrets.keys.MemoryKeyring;
import dev.codchi.machines.secrets.keys.PassphraseSource;
import dev.codchi.redaction.KnownValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class RekeyTest {
  private static final SecretId TOKEN = SecretId.env("TOKEN");
  private static final List<String> MACHINES = List.of("db", "mail", "web");

  /** The new key, each machine's vault, the old key's end. */
  private static final int STEPS = 1 + MACHINES.size() + 1;

  @TempDir Path directory;

  private Directories directories;
  private Path key;
  private Path next;
  private List<String> machines = MACHINES;

  @BeforeEach
  void open() {
    directories = RekeyingProcess.directories(directory);
    key = directory.resolve("secrets.key");
    next = directory.resolve("secrets.key.new");
  }

  private Vaults vaults(String provider, List<String> command, PassphraseSource prompt) {
    return new Vaults(
        new KeyProviders(
            () -> new SecretsSettings(Optional.of(provider), key, Optional.empty(), command),
            prompt,
            new KeyringKeeper(new MemoryKeyring())),
        new KnownValues());
  }

  private Vaults keyFile() {
    return vaults(
        "keyfile",
        List.of(),
        (machine, fresh) -> {
          throw new AssertionError("nobody is asked for a passphrase");
        });
  }

  private Vaults passphrase(String present, String fresh) {
    return vaults(
        "passphrase",
        List.of(),
        (machine, isFresh) -> SecretValue.ofText(isFresh ? fresh : present));
  }

  private Vaults typed(List<String> answers) {
    List<String> left = new ArrayList<>(answers);
    return vaults(
        "passphrase", List.of(), (machine, fresh) -> SecretValue.ofText(left.removeFirst()));
  }

  private void fill(Vaults vaults) {
    for (String machine : machines) {
      new SetSecret(vaults).set(of(machine), TOKEN, SecretValue.ofText("of " + machine));
    }
  }

  private VaultLocation of(String machine) {
    return VaultLocation.of(directories, machine);
  }

  private static String text(Vaults vaults, VaultLocation location) {
    return vaults
        .read(
            location,
            vault -> {
              try (SecretValue value = vault.get(TOKEN).orElseThrow()) {
                return new String(value.bytes(), StandardCharsets.UTF_8);
              }
            })
        .orElseThrow();
  }

  private void assertAllOpen(Vaults vaults) {
    for (String machine : machines) {
      assertThat(text(vaults, of(machine))).isEqualTo("of " + machine);
    }
  }

  private Rekeyed rekey(Vaults vaults) {
    return vaults.rekey(directories, Optional.empty(), step -> {});
  }

  private static Failure failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call);
  }

  @Test
  void aNewKeyFileOpensAllVaultsAndACopyOfTheOldOneNone() throws IOException {
    fill(keyFile());
    String old = Files.readString(key);
    byte[] wrapped = keyFile().peek(of("web")).orElseThrow().wrappedKey();

    assertThat(rekey(keyFile()).machines()).isEqualTo(MACHINES);

    assertThat(Files.readString(key)).isNotEqualTo(old).startsWith("codchi-key-1 ");
    assertThat(next).doesNotExist();
    assertThat(keyFile().peek(of("web")).orElseThrow().wrappedKey()).isNotEqualTo(wrapped);
    assertAllOpen(keyFile());
    Files.writeString(key, old);
    for (String machine : MACHINES) {
      assertThat(failureOf(() -> text(keyFile(), of(machine))).code())
          .isEqualTo(FailureCode.KEY_LOST);
    }
  }

  @Test
  void killedAfterAnyStepEveryVaultOpensAndTheNextCallEndsIt() throws Exception {
    fill(keyFile());
    for (int step = 1; step <= STEPS; step++) {
      String old = Files.readString(key);

      assertThat(RekeyingProcess.start(directory, step).waitFor())
          .isEqualTo(RekeyingProcess.KILLED);

      assertAllOpen(keyFile());
      // New vaults and changes of old ones work in between, too.
      new SetSecret(keyFile()).set(of("web"), SecretId.env("LATER"), SecretValue.ofText("x"));
      assertThat(next.toFile().exists()).as("after step %d", step).isEqualTo(step < STEPS);
      rekey(keyFile());
      assertThat(next).doesNotExist();
      assertThat(Files.readString(key)).isNotEqualTo(old);
      assertAllOpen(keyFile());
      String renewed = Files.readString(key);
      Files.writeString(key, old);
      assertThat(failureOf(() -> text(keyFile(), of("db"))).code()).isEqualTo(FailureCode.KEY_LOST);
      Files.writeString(key, renewed);
    }
  }

  @Test
  void killedBeforeTheNewFileIsRemovedTheNextCallMakesAnotherKey() throws IOException {
    fill(keyFile());
    rekey(keyFile());
    Files.copy(key, next);
    String old = Files.readString(key);
    assertAllOpen(keyFile());

    rekey(keyFile());

    assertThat(Files.readString(key)).isNotEqualTo(old);
    assertThat(next).doesNotExist();
    assertAllOpen(keyFile());
  }

  @Test
  void twoProcessesAtOnceBothEndAndNothingIsLost() throws Exception {
    fill(keyFile());
    Process first = RekeyingProcess.start(directory, 0);
    Process second = RekeyingProcess.start(directory, 0);
    // A reader meanwhile never misses a key.
    int reads = 0;
    do {
      assertAllOpen(keyFile());
      reads++;
    } while (first.isAlive() || second.isAlive());

    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertThat(reads).isGreaterThan(1);
    assertThat(next).doesNotExist();
    assertAllOpen(keyFile());
  }

  @Test
  void oneVaultThatCannotBeOpenedStopsItBeforeAnythingIsChanged() throws IOException {
    fill(keyFile());
    String old = Files.readString(key);
    byte[] mail = Files.readAllBytes(of("mail").file());
    byte[] broken = mail.clone();
    broken[broken.length - 1] ^= 1;
    Files.write(of("mail").file(), broken);

    assertThat(failureOf(() -> rekey(keyFile())).code()).isEqualTo(FailureCode.VAULT_DAMAGED);

    assertThat(Files.readString(key)).isEqualTo(old);
    assertThat(next).doesNotExist();
    Files.write(of("mail").file(), mail);
    assertAllOpen(keyFile());
  }

  @Test
  void anotherPassphraseOpensAllVaultsAndTheOldOneNone() {
    // scrypt is meant to be slow, so there are few.
    machines = List.of("db", "web");
    fill(passphrase("old one", "old one"));

    // Asked once each, however many vaults there are.
    Vaults typed = typed(List.of("old one", "new one"));
    assertThat(rekey(typed).machines()).isEqualTo(machines);

    assertAllOpen(passphrase("new one", ""));
    assertThat(failureOf(() -> text(passphrase("old one", ""), of("web"))).code())
        .isEqualTo(FailureCode.KEY_WRONG);
  }

  @Test
  void killedBetweenTwoVaultsBothPassphrasesAreTried() {
    // scrypt is meant to be slow, so there are few.
    machines = List.of("db", "web");
    fill(passphrase("old one", "old one"));
    Vaults stopped = passphrase("old one", "new one");
    assertThat(
            catchThrowableOfType(
                IllegalStateException.class,
                () ->
                    stopped.rekey(
                        directories,
                        Optional.empty(),
                        step -> {
                          if (step.contains("db")) {
                            throw new IllegalStateException("killed");
                          }
                        })))
        .isNotNull();
    assertThat(text(passphrase("new one", ""), of("db"))).isEqualTo("of db");
    assertThat(text(passphrase("old one", ""), of("web"))).isEqualTo("of web");

    try (GivenPassphrases given =
        new GivenPassphrases(SecretValue.ofText("old one"), SecretValue.ofText("new one"))) {
      passphrase("", "").rekey(directories, Optional.of(given), step -> {});
    }

    assertAllOpen(passphrase("new one", ""));
  }

  @Test
  void aWrongOrUnchangedPassphraseChangesNothing() throws IOException {
    // scrypt is meant to be slow, so there are few.
    machines = List.of("db", "web");
    fill(passphrase("old one", "old one"));
    byte[] before = Files.readAllBytes(of("db").file());

    assertThat(failureOf(() -> rekey(passphrase("wrong", "new one"))).code())
        .isEqualTo(FailureCode.KEY_WRONG);
    assertThat(failureOf(() -> rekey(passphrase("old one", "old one"))).code())
        .isEqualTo(FailureCode.BAD_USAGE);
    try (GivenPassphrases given =
        new GivenPassphrases(SecretValue.ofText("wrong"), SecretValue.ofText("new one"))) {
      assertThat(
              failureOf(() -> passphrase("", "").rekey(directories, Optional.of(given), step -> {}))
                  .code())
          .isEqualTo(FailureCode.KEY_WRONG);
      assertThat(
              failureOf(() -> keyFile().rekey(directories, Optional.of(given), step -> {})).code())
          .isEqualTo(FailureCode.BAD_USAGE);
    }

    assertThat(Files.readAllBytes(of("db").file())).isEqualTo(before);
  }

  @Test
  void vaultsOfAnotherProviderStayAndAreNamed() {
    fill(keyFile());
    passphrase("one", "one").rotate(of("mail"));

    Rekeyed done = rekey(keyFile());

    assertThat(done.machines()).containsExactly("db", "web");
    assertThat(done.left()).containsExactly("mail");
    assertThat(text(passphrase("one", "one"), of("mail"))).isEqualTo("of mail");
  }

  @Test
  void withoutVaultsNothingIsMadeAndAProgramsValuesAreNotRenewed() {
    assertThat(rekey(keyFile()).machines()).isEmpty();
    assertThat(key).doesNotExist();
    Vaults program =
        vaults("keyfile", List.of("pass", "show"), (machine, fresh) -> SecretValue.ofText(""));

    assertThat(failureOf(() -> rekey(program)).code()).isEqualTo(FailureCode.KEY_NOT_OURS);
    assertThat(key).doesNotExist();
  }
}
