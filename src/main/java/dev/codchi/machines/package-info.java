/** Code machines: names, definitions, lifecycle, generations, status. */
@NullMarked
package dev.codchi.machines;

import org.jspecify.annotations.NullMarked;
