/** Nix's log in its {@code internal-json} format: read, understood, shown. */
@NullMarked
package dev.codchi.store.nixlog;

import org.jspecify.annotations.NullMarked;
