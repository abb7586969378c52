package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.DataKey;
import dev.codchi.machines.secrets.keys.KeyProvider;
import dev.codchi.machines.secrets.keys.Sealed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One machine's secrets, opened. Values stay sealed until they are asked for. Closing wipes the
 * data key. Not for use by several threads at once.
 */
public final class Vault implements AutoCloseable {
  private final String machine;
  private final String provider;
  private final byte[] wrappedKey;
  private final DataKey key;
  private final SortedMap<SecretId, SealedEntry> entries = new TreeMap<>();
  private Consumer<byte[]> watcher = value -> {};

  private Vault(String machine, String provider, byte[] wrappedKey, DataKey key) {
    this.machine = machine;
    this.provider = provider;
    this.wrappedKey = wrappedKey;
    this.key = key;
  }

  /** A new, empty vault with a fresh data key, kept by a provider. */
  public static Vault create(String machine, KeyProvider provider) {
    DataKey key = DataKey.random();
    try {
      return new Vault(machine, provider.id(), provider.wrap(key, machine), key);
    } catch (RuntimeException failed) {
      key.close();
      throw failed;
    }
  }

  /**
   * Opens a vault, after proving that nothing in it was changed.
   *
   * @param machine whose vault it should be
   * @param origin where it comes from, for messages
   * @param provider the provider that wrapped its key
   * @throws Failure {@code VAULT_FOREIGN} when it is another machine's, {@code VAULT_DAMAGED} when
   *     it was changed, or the provider's failure
   */
  static Vault open(SealedVault sealed, String machine, String origin, KeyProvider provider) {
    if (!sealed.machine().equals(machine)) {
      throw Failure.of(
              FailureCode.VAULT_FOREIGN,
              "The vault " + origin + " is not machine " + machine + "'s")
          .because("It was sealed for machine " + sealed.machine());
    }
    DataKey key = provider.unwrap(sealed.wrappedKey(), machine);
    if (sealed.seal().open(key, VaultFormat.body(sealed)).isEmpty()) {
      key.close();
      throw VaultFormat.damaged(origin, "its seal does not fit");
    }
    Vault vault = new Vault(machine, sealed.provider(), sealed.wrappedKey(), key);
    sealed.entries().forEach(entry -> vault.entries.put(entry.id(), entry));
    return vault;
  }

  /** Shows every value that goes in or comes out from now on to somebody; it is wiped later. */
  Vault watchedBy(Consumer<byte[]> newWatcher) {
    watcher = newWatcher;
    return this;
  }

  /** The secrets in the vault, in order. */
  public List<SecretId> ids() {
    return List.copyOf(entries.keySet());
  }

  /** A secret's value, to be closed by the caller; empty when the vault does not have it. */
  public Optional<SecretValue> get(SecretId id) {
    SealedEntry entry = entries.get(id);
    if (entry == null) {
      return Optional.empty();
    }
    byte[] value =
        entry
            .value()
            .open(key, VaultFormat.associated(machine, id))
            .orElseThrow(() -> VaultFormat.damaged("of machine " + machine, id + " does not fit"));
    watcher.accept(value);
    return Optional.of(SecretValue.owning(value));
  }

  /**
   * Sets a secret, replacing its value. The value stays the caller's.
   *
   * @throws Failure {@code SECRET_VALUE} when the value cannot be what the name says
   */
  public void set(SecretId id, SecretValue value) {
    value.requireFit(id);
    seal(id, value, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  /** Removes a secret; tells whether it was there. */
  public boolean unset(SecretId id) {
    return entries.remove(id) != null;
  }

  /**
   * The same secrets, with their dates, sealed anew: with a fresh data key, by any provider, for
   * any machine. This vault stays as it is.
   *
   * @return the new vault, to be closed by the caller
   */
  public Vault resealed(String newMachine, KeyProvider newProvider) {
    Vault fresh = create(newMachine, newProvider);
    try {
      for (SealedEntry entry : entries.values()) {
        try (SecretValue value = get(entry.id()).orElseThrow()) {
          fresh.seal(entry.id(), value, entry.changed());
        }
      }
      return fresh;
    } catch (RuntimeException failed) {
      fresh.close();
      throw failed;
    }
  }

  /** The vault as it goes into its file. */
  SealedVault sealed() {
    List<SealedEntry> all = List.copyOf(entries.values());
    byte[] body = VaultFormat.body(machine, provider, wrappedKey, all);
    return new SealedVault(machine, provider, wrappedKey, all, Sealed.seal(key, new byte[0], body));
  }

  /** Wipes the data key. Idempotent. */
  @Override
  public void close() {
    key.close();
  }

  private void seal(SecretId id, SecretValue value, Instant changed) {
    byte[] bytes = value.bytes();
    watcher.accept(bytes);
    try {
      Sealed sealed = Sealed.seal(key, bytes, VaultFormat.associated(machine, id));
      entries.put(id, new SealedEntry(id, changed, sealed));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
