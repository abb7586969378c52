package dev.codchi.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How secrets are kept on the host.
 *
 * @param provider who keeps the keys of new vaults, by its word; the keyring when absent
 * @param keyFile where the provider that keeps its key in a file has it
 * @param passphraseFile a file with the passphrase; a person is asked when absent
 * @param command a program and its arguments that prints values codchi does not keep; empty for
 *     none
 */
public record SecretsSettings(
    Optional<String> provider, Path keyFile, Optional<Path> passphraseFile, List<String> command) {
  /** The lists are not to be changed. */
  public SecretsSettings {
    command = List.copyOf(command);
  }
}
