package dev.codchi.machines.secrets;

import dev.codchi.machines.secrets.keys.Sealed;
import java.time.Instant;

/**
 * One secret as it stands in a vault.
 *
 * @param id which
 * @param changed when its value was set, to the millisecond
 * @param value the sealed value
 */
record SealedEntry(SecretId id, Instant changed, Sealed value) {}
