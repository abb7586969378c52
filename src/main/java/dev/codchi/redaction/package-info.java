/** Values that must not be shown, and how text is kept free of them. */
@NullMarked
package dev.codchi.redaction;

import org.jspecify.annotations.NullMarked;
