/** The desktop's keyring, spoken to over D-Bus (freedesktop.org Secret Service). */
@NullMarked
package dev.codchi.machines.secrets.keyring;

import org.jspecify.annotations.NullMarked;
