/** Machines as something that runs elsewhere, and back: archives, images, flakes. */
@NullMarked
package dev.codchi.export;

import org.jspecify.annotations.NullMarked;
