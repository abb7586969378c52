/** What secrets look like inside a machine: files and environment files, as bytes. */
@NullMarked
package dev.codchi.machines.secrets.delivery;

import org.jspecify.annotations.NullMarked;
