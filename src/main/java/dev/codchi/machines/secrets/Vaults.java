package dev.codchi.machines.secrets;

import dev.codchi.config.Directories;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.files.WholeFile;
import dev.codchi.machines.secrets.keys.GivenPassphrases;
import dev.codchi.machines.secrets.keys.KeyProvider;
import dev.codchi.machines.secrets.keys.KeyProviders;
import dev.codchi.machines.secrets.keys.KeyRenewal;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The vaults of all machines: opens them, and changes them one process at a time. */
@ApplicationScoped
public class Vaults {
  /** Long enough for a person who is asked for a passphrase by another codchi. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int PRIVATE = 0600;

  private final KeyProviders providers;
  private final KnownValues known;

  /**
   * Vaults whose keys these providers keep.
   *
   * @param known told every value that goes in or comes out
   */
  public Vaults(KeyProviders providers, KnownValues known) {
    this.providers = providers;
    this.known = known;
  }

  /**
   * A vault as it stands in its file, without its key; empty when there is none.
   *
   * @throws Failure {@code VAULT_FOREIGN}, {@code VAULT_NEWER} or {@code VAULT_DAMAGED}
   */
  public Optional<SealedVault> peek(VaultLocation location) {
    return WholeFile.read(location.file())
        .map(bytes -> VaultFormat.parse(bytes, location.file().toString()));
  }

  /**
   * Opens a vault to read from it; asks for its key. Empty when there is none. When its key is gone
   * because another process has just renewed it, the vault as it is now is opened.
   *
   * @param use what to do with it; values it returns are the caller's to close
   * @throws Failure as {@link #peek}, and whatever the key's provider reports
   */
  public <T> Optional<T> read(VaultLocation location, Function<Vault, T> use) {
    return peek(location)
        .map(sealed -> {
          try (Vault vault = openLatest(location, sealed)) {
            return use.apply(vault);
          }
        });
  }

  private Vault openLatest(VaultLocation location, SealedVault sealed) {
    try {
      return open(location, sealed);
    } catch (Failure failed) {
      if (failed.code() != FailureCode.KEY_LOST) {
        throw failed;
      }
      SealedVault latest = peek(location).orElseThrow(() -> failed);
      if (Arrays.equals(latest.wrappedKey(), sealed.wrappedKey())) {
        throw failed;
      }
      return openLatest(location, latest);
    }
  }

  /**
   * Changes a vault and writes it whole, creating it when there is none. Other processes wait
   * meanwhile. Nothing is written when the change fails.
   *
   * @param doing what is done, for whoever waits
   * @return what the change returns
   */
  public <T> T change(VaultLocation location, String doing, Function<Vault, T> change) {
    try (ExclusiveLock _ = ExclusiveLock.acquire(location.lock(), doing, PATIENCE)) {
      Optional<SealedVault> sealed = peek(location);
      try (Vault vault =
          sealed.isPresent()
              ? open(location, sealed.get())
              : Vault.create(location.machine(), providers.chosen()).watchedBy(known::remember)) {
        T result = change.apply(vault);
        write(location, vault);
        return result;
      }
    }
  }

  /**
   * Writes a vault anew with a fresh data key that the provider in the settings keeps. Does nothing
   * when there is no vault. Tells whether there was one.
   */
  public boolean rotate(VaultLocation location) {
    return copy(location, location);
  }

  /**
   * Writes a machine's secrets into another machine's vault, replacing that, with a data key of its
   * own. Tells whether there was anything to copy. Idempotent.
   */
  public boolean copy(VaultLocation from, VaultLocation to) {
    try (ExclusiveLock _ = ExclusiveLock.acquire(to.lock(), "seal secrets anew", PATIENCE)) {
      return read(
              from,
              vault -> {
                try (Vault fresh = vault.resealed(to.machine(), providers.chosen())) {
                  write(to, fresh);
                  return true;
                }
              })
          .orElse(false);
    }
  }

  /**
   * Replaces the wrapping key of the provider in the settings, and writes every vault that it keeps
   * anew, with a fresh data key. Vaults of other providers stay as they are. Nothing is changed
   * unless all can be opened. Killed at any moment, every vault can be opened; the next call goes
   * on.
   *
   * @param given passphrases that were given beforehand
   * @param step told each step once it is done, for the log
   * @throws Failure as {@link KeyProviders#renewal}, {@link #peek}, and whatever the provider
   *     reports
   */
  public Rekeyed rekey(
      Directories directories, Optional<GivenPassphrases> given, Consumer<String> step) {
    List<Vault> opened = new ArrayList<>();
    try (ExclusiveLock _ =
            ExclusiveLock.acquire(
                VaultLocation.lockOf(directories), "make a new key for secrets", PATIENCE);
        KeyRenewal renewal = providers.renewal(given)) {
      List<VaultLocation> kept = new ArrayList<>();
      List<String> left = new ArrayList<>();
      for (VaultLocation location : VaultLocation.all(directories)) {
        SealedVault sealed = peek(location).orElseThrow();
        if (sealed.provider().equals(renewal.provider().id())) {
          opened.add(open(location, sealed, renewal.provider()));
          kept.add(location);
        } else {
          left.add(location.machine());
        }
      }
      if (kept.isEmpty()) {
        providers.requireNoProgram();
        return new Rekeyed(renewal.provider().id(), List.of(), left);
      }
      renewal.begin();
      step.accept("A new key is there");
      for (int i = 0; i < kept.size(); i++) {
        VaultLocation location = kept.get(i);
        try (Vault fresh = opened.get(i).resealed(location.machine(), renewal.provider())) {
          write(location, fresh);
        }
        step.accept("The secrets of " + location.machine() + " have the new key");
      }
      renewal.finish();
      step.accept("The old key is gone");
      return new Rekeyed(
          renewal.provider().id(), kept.stream().map(VaultLocation::machine).toList(), left);
    } finally {
      opened.forEach(Vault::close);
    }
  }

  /** Removes a machine's vault. Idempotent. */
  public void delete(VaultLocation location) {
    try (ExclusiveLock _ = ExclusiveLock.acquire(location.lock(), "delete secrets", PATIENCE)) {
      Files.deleteIfExists(location.file());
    } catch (IOException failed) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "Cannot delete " + location.file())
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }

  private Vault open(VaultLocation location, SealedVault sealed) {
    return open(location, sealed, providers.of(sealed.provider()));
  }

  private Vault open(VaultLocation location, SealedVault sealed, KeyProvider provider) {
    return Vault.open(sealed, location.machine(), location.file().toString(), provider)
        .watchedBy(known::remember);
  }

  private static void write(VaultLocation location, Vault vault) {
    WholeFile.write(location.file(), VaultFormat.bytes(vault.sealed()), PRIVATE);
  }
}
