/** The shared nix store: its container, nix itself, and what nix says. */
@NullMarked
package dev.codchi.store;

import org.jspecify.annotations.NullMarked;
