/** Keepers of the keys that open vaults: keyring, passphrase, key file. */
@NullMarked
package dev.codchi.machines.secrets.keys;

import org.jspecify.annotations.NullMarked;
