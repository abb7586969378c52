/** Programs on the host. */
@NullMarked
package dev.codchi.process;

import org.jspecify.annotations.NullMarked;
