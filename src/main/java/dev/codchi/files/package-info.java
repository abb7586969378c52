/** Whole-file writes and locks on the host's file system. */
@NullMarked
package dev.codchi.files;

import org.jspecify.annotations.NullMarked;
