package dev.codchi.machines.secrets;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.machines.secrets.keys.GivenPassphrases;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a new wrapping key, which all vaults of the provider in use share, seals them anew, and
 * removes the old key. The values stay.
 */
@ApplicationScoped
public class RekeySecrets {
  private final Vaults vaults;
  private final Settings settings;

  /** Renews the key of all vaults that these settings lead to. */
  public RekeySecrets(Vaults vaults, Settings settings) {
    this.vaults = vaults;
    this.settings = settings;
  }

  /**
   * Renews the key.
   *
   * @param given passphrases that were given beforehand; a person is asked when empty
   * @param step told each step once it is done
   * @throws Failure as {@link Vaults#rekey}
   */
  public Rekeyed rekey(Optional<GivenPassphrases> given, Consumer<String> step) {
    return vaults.rekey(settings.directories(), given, step);
  }
}
