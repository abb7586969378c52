/**
 * What can go wrong, as values: stable codes, exit statuses and the exception that carries them.
 */
@NullMarked
package dev.codchi.failure;

import org.jspecify.annotations.NullMarked;
