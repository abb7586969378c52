package dev.codchi.machines.secrets.keys;

import dev.codchi.config.SecretsSettings;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who keeps data keys: for a vault that exists, whoever wrapped its key; for a new one, whom the
 * settings name, else the operating system's keeper, on Linux the keyring. There is no fall-back:
 * where that is missing a person decides.
 */
@ApplicationScoped
public class KeyProviders {
  private static final String ALTERNATIVES =
      "Start a keyring (GNOME Keyring, KWallet, KeePassXC) and try again, or choose who keeps the"
          + " key instead: 'codchi config set secrets.provider passphrase' (asked for, or read from"
          + " secrets.passphrase_file), or 'codchi config set secrets.provider keyfile' (a file that"
          + " only you can read).";

  private final Supplier<SecretsSettings> settings;
  private final PassphraseSource prompt;
  private final SystemKeeper system;

  @Inject
  KeyProviders(Settings settings, PassphrasePrompt prompt, SystemKeeper system) {
    this(settings::secrets, prompt, system);
  }

  /** Providers over explicit parts; the settings are read when needed. */
  public KeyProviders(
      Supplier<SecretsSettings> settings, PassphraseSource prompt, SystemKeeper system) {
    this.settings = settings;
    this.prompt = prompt;
    this.system = system;
  }

  /**
   * The provider for new vaults and new keys.
   *
   * @throws Failure {@code KEYRING_ABSENT} when nobody was chosen and there is no keyring; {@code
   *     BAD_SETTINGS} when the chosen one does not exist
   */
  public KeyProvider chosen() {
    return settings
        .get()
        .provider()
        .map(this::named)
        .orElseGet(() -> {
          if (!system.isReachable()) {
            throw Failure.of(
                    FailureCode.KEYRING_ABSENT,
                    "There is no keyring to keep the key of this machine's secrets")
                .because("No Secret Service answers on the session bus")
                .next(ALTERNATIVES);
          }
          return system.provider();
        });
  }

  /**
   * The provider with this word, as a vault names it.
   *
   * @throws Failure {@code VAULT_NEWER} when there is none
   */
  public KeyProvider of(String id) {
    if (id.equals(system.id())) {
      return system.provider();
    }
    return switch (id) {
      case StoredKeyProvider.KEY_FILE ->
          new StoredKeyProvider(StoredKeyProvider.KEY_FILE, new KeyFile(settings.get().keyFile()));
      case PassphraseProvider.ID -> new PassphraseProvider(passphrases());
      default ->
          throw Failure.of(
                  FailureCode.VAULT_NEWER, "This codchi cannot reach the key of the secrets")
              .because("A provider named '" + id + "' keeps it, which this codchi does not know")
              .next("Use the codchi, and the operating system, that sealed the secrets.");
    };
  }

  /**
   * The replacement of the key of the provider for new vaults; nothing happens yet.
   *
   * @param given the passphrases, where they were given beforehand and nobody is to be asked
   * @throws Failure {@code KEY_NOT_OURS} when the operating system keeps the key; {@code BAD_USAGE}
   *     when passphrases are given and another provider is in use; as {@link #chosen}
   */
  public KeyRenewal renewal(Optional<GivenPassphrases> given) {
    KeyProvider chosen = chosen();
    if (given.isPresent() && !(chosen instanceof PassphraseProvider)) {
      throw Failure.of(FailureCode.BAD_USAGE, "there is no passphrase to change")
          .because("The provider in use is " + chosen.id())
          .next("Leave out --stdin.");
    }
    return switch (chosen) {
      case StoredKeyProvider stored -> stored.renewal();
      case PassphraseProvider _ ->
          given
              .map(both -> new PassphraseRenewal(both, PassphraseProvider.COST))
              .orElseGet(
                  () -> new PassphraseRenewal(passphrases(), prompt, PassphraseProvider.COST));
      default ->
          throw Failure.of(
                  FailureCode.KEY_NOT_OURS, "The key of the secrets is not codchi's to renew")
              .because("The provider '" + chosen.id() + "' keeps it and changes it itself");
    };
  }

  /**
   * Says that there is nothing to renew because a program gives the values, if that is so.
   *
   * @throws Failure {@code KEY_NOT_OURS} when {@code secrets.command} is set
   */
  public void requireNoProgram() {
    if (!settings.get().command().isEmpty()) {
      throw Failure.of(FailureCode.KEY_NOT_OURS, "The key of the secrets is not codchi's to renew")
          .because("The program of secrets.command keeps the values, and codchi only reads them")
          .next("Renew it with that program.");
    }
  }

  private KeyProvider named(String id) {
    if (id.equals(system.id())) {
      return system.provider();
    }
    return switch (id) {
      case StoredKeyProvider.KEY_FILE, PassphraseProvider.ID -> of(id);
      default ->
          throw Failure.of(FailureCode.BAD_SETTINGS, "secrets.provider cannot be '" + id + "'")
              .because("The providers are " + system.id() + ", passphrase and keyfile");
    };
  }

  private PassphraseSource passphrases() {
    return settings
        .get()
        .passphraseFile()
        .<PassphraseSource>map(PassphraseFile::new)
        .orElse(prompt);
  }
}
