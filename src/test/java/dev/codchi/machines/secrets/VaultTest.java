package dev.codchi.machines.secrets;

import static dev.codchi.failure.FailureCode.VAULT_DAMAGED;
import static dev.codchi.failure.FailureCode.VAULT_FOREIGN;
import static dev.codchi.failure.FailureCode.VAULT_NEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.KeyProvider;
import dev.codchi.machines.secrets.keys.MemoryKeyring;
import dev.codchi.machines.secrets.keys.Sealed;
import dev.codchi.machines.secrets.keys.StoredKeyProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final SecretId USER = SecretId.env("DB_USER");
  private static final SecretId PASSWORD = SecretId.env("DB_PASSWORD");
  private static final SecretId FILE = SecretId.file("DB_PASSWORD");

  private final KeyProvider provider =
      new StoredKeyProvider(StoredKeyProvider.KEYRING, new MemoryKeyring());

  private byte[] small() {
    try (Vault vault = Vault.create("web", provider)) {
      vault.set(USER, SecretValue.ofText("alice"));
      vault.set(PASSWORD, SecretValue.ofText("secret"));
      vault.set(FILE, SecretValue.ofText(""));
      return VaultFormat.bytes(vault.sealed());
    }
  }

  private Vault open(byte[] bytes) {
    return open(bytes, "web");
  }

  private Vault open(byte[] bytes, String machine) {
    return Vault.open(VaultFormat.parse(bytes, "vault"), machine, "vault", provider);
  }

  private static String text(Vault vault, SecretId id) {
    try (SecretValue value = vault.get(id).orElseThrow()) {
      return new String(value.bytes(), StandardCharsets.UTF_8);
    }
  }

  private FailureCode failureOf(byte[] bytes) {
    return catchThrowableOfType(
            Failure.class,
            () -> {
              try (Vault vault = open(bytes)) {
                vault.ids().forEach(id -> vault.get(id).ifPresent(SecretValue::close));
              }
            })
        .code();
  }

  @Test
  void keepsValuesOfAllKindsApart() {
    try (Vault vault = open(small())) {
      assertThat(vault.ids()).containsExactly(PASSWORD, USER, FILE);
      assertThat(text(vault, USER)).isEqualTo("alice");
      assertThat(text(vault, PASSWORD)).isEqualTo("secret");
      assertThat(text(vault, FILE)).isEmpty();
      assertThat(vault.get(SecretId.token("DB_USER"))).isEmpty();
    }
  }

  @Test
  void keepsAnyBytesUpToOneMebibyte() {
    byte[] large = new byte[SecretValue.LONGEST];
    new Random(7).nextBytes(large);
    byte[] bytes;
    try (Vault vault = Vault.create("web", provider)) {
      vault.set(FILE, SecretValue.copyOf(large));
      bytes = VaultFormat.bytes(vault.sealed());
    }
    try (Vault vault = open(bytes);
        SecretValue value = vault.get(FILE).orElseThrow()) {
      assertThat(value.bytes()).isEqualTo(large);
    }
  }

  @Test
  void showsNoValueInItsBytes() {
    assertThat(new String(small(), StandardCharsets.ISO_8859_1))
        .contains("DB_USER")
        .doesNotContain("alice");
  }

  @Test
  void replacesAndRemoves() {
    try (Vault vault = open(small())) {
      vault.set(USER, SecretValue.ofText("bob"));
      assertThat(text(vault, USER)).isEqualTo("bob");
      assertThat(vault.unset(USER)).isTrue();
      assertThat(vault.unset(USER)).isFalse();
      assertThat(vault.ids()).containsExactly(PASSWORD, FILE);
    }
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] bytes = small();
    Set<FailureCode> seen = EnumSet.noneOf(FailureCode.class);
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] changed = bytes.clone();
        changed[i] ^= (byte) (1 << bit);
        seen.add(failureOf(changed));
      }
    }
    assertThat(seen)
        .isSubsetOf(
            VAULT_DAMAGED, VAULT_FOREIGN, VAULT_NEWER, FailureCode.KEY_WRONG, FailureCode.KEY_LOST);
  }

  @Test
  void everyTruncationIsNoticed() {
    byte[] bytes = small();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(failureOf(Arrays.copyOf(bytes, length)))
          .as("first %d bytes", length)
          .isEqualTo(VAULT_DAMAGED);
    }
    assertThat(failureOf(Arrays.copyOf(bytes, bytes.length + 1))).isEqualTo(VAULT_DAMAGED);
  }

  @Test
  void valuesCannotTradePlaces() {
    SealedVault vault = VaultFormat.parse(small(), "vault");
    SealedEntry password = vault.entries().get(0);
    SealedEntry user = vault.entries().get(1);
    List<SealedEntry> swapped =
        List.of(
            new SealedEntry(password.id(), password.changed(), user.value()),
            new SealedEntry(user.id(), user.changed(), password.value()),
            vault.entries().get(2));

    assertThat(failureOf(VaultFormat.bytes(with(vault, swapped)))).isEqualTo(VAULT_DAMAGED);
  }

  @Test
  void aValueFitsNoOtherNameKindOrMachineEvenWhenTheVaultIsSealedAnew() {
    byte[] key = "the same key for both of them!!!".getBytes(StandardCharsets.US_ASCII);
    List<byte[]> contexts =
        List.of(
            VaultFormat.associated("web", USER),
            VaultFormat.associated("web", PASSWORD),
            VaultFormat.associated("web", FILE),
            VaultFormat.associated("db", USER));
    for (byte[] sealedFor : contexts) {
      try (var dataKey = dev.codchi.machines.secrets.keys.DataKey.owning(key.clone())) {
        Sealed sealed = Sealed.seal(dataKey, new byte[] {1, 2, 3}, sealedFor);
        for (byte[] openedAs : contexts) {
          assertThat(sealed.open(dataKey, openedAs).isPresent())
              .isEqualTo(Arrays.equals(sealedFor, openedAs));
        }
      }
    }
  }

  @Test
  void entriesCannotBeRemovedOrDatedBack() {
    SealedVault vault = VaultFormat.parse(small(), "vault");
    SealedEntry first = vault.entries().getFirst();
    List<SealedEntry> dated = new ArrayList<>(vault.entries());
    dated.set(0, new SealedEntry(first.id(), first.changed().minusSeconds(1), first.value()));

    assertThat(failureOf(VaultFormat.bytes(with(vault, vault.entries().subList(1, 3)))))
        .isEqualTo(VAULT_DAMAGED);
    assertThat(failureOf(VaultFormat.bytes(with(vault, dated)))).isEqualTo(VAULT_DAMAGED);
  }

  @Test
  void anotherMachinesVaultIsRefused() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> open(small(), "db"))
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(VAULT_FOREIGN);
          assertThat(failure.why()).contains("web");
        });
  }

  @Test
  void whatIsNoVaultIsCalledSo() {
    assertThat(failureOf("{\"secrets\": {}}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(VAULT_FOREIGN);
  }

  @Test
  void aNewerFormatIsCalledSo() {
    byte[] bytes = small();
    bytes[14] = 2;

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> open(bytes))
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(VAULT_NEWER);
          assertThat(failure.why()).isEqualTo("Their format is 2; this codchi knows up to 1");
        });
  }

  @Test
  void everySealingUsesAnotherNonceAndRotationAnotherKey() {
    byte[] before = small();
    byte[] after;
    try (Vault vault = open(before);
        Vault rotated = vault.resealed("web", provider)) {
      after = VaultFormat.bytes(rotated.sealed());
    }
    SealedVault old = VaultFormat.parse(before, "old");
    SealedVault fresh = VaultFormat.parse(after, "fresh");
    assertThat(fresh.wrappedKey()).isNotEqualTo(old.wrappedKey());
    assertThat(fresh.seal().nonce()).isNotEqualTo(old.seal().nonce());
    assertThat(fresh.changed(USER)).isEqualTo(old.changed(USER));
    try (Vault vault = open(after)) {
      assertThat(text(vault, USER)).isEqualTo("alice");
    }
    SealedVault mixed =
        new SealedVault("web", fresh.provider(), old.wrappedKey(), fresh.entries(), fresh.seal());
    assertThat(failureOf(VaultFormat.bytes(mixed))).isEqualTo(VAULT_DAMAGED);
  }

  @Test
  void sealedForAnotherMachineItBelongsToThat() {
    try (Vault vault = open(small());
        Vault moved = vault.resealed("db", provider)) {
      byte[] bytes = VaultFormat.bytes(moved.sealed());
      try (Vault opened = open(bytes, "db")) {
        assertThat(text(opened, USER)).isEqualTo("alice");
      }
      assertThat(failureOf(bytes)).isEqualTo(VAULT_FOREIGN);
    }
  }

  @Test
  void aClosedVaultOpensNothing() {
    Vault vault = open(small());
    vault.close();

    assertThatExceptionOfType(Failure.class).isThrownBy(() -> vault.get(USER));
  }

  private static SealedVault with(SealedVault vault, List<SealedEntry> entries) {
    return new SealedVault(
        vault.machine(), vault.provider(), vault.wrappedKey(), entries, vault.seal());
  }
}
