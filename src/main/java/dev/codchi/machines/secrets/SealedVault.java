package dev.codchi.machines.secrets;

import dev.codchi.machines.secrets.keys.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A vault as it stands in its file, not opened: names and dates can be read without its key, but
 * are not proven to be right before it is opened.
 *
 * @param machine whose secrets it holds
 * @param provider the word of the provider that wrapped the data key
 * @param wrappedKey the data key as the provider wrapped it
 * @param entries the secrets, in the order of their identifiers
 * @param seal proves all of the above to whoever has the data key
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; bytes as they stand in a file
public record SealedVault(
    String machine, String provider, byte[] wrappedKey, List<SealedEntry> entries, Sealed seal) {
  /** The secrets in the vault. */
  public List<SecretId> ids() {
    return entries.stream().map(SealedEntry::id).toList();
  }

  /** When a secret was set; empty when the vault does not have it. */
  public Optional<Instant> changed(SecretId id) {
    return entries.stream()
        .filter(entry -> entry.id().equals(id))
        .map(SealedEntry::changed)
        .findFirst();
  }
}
