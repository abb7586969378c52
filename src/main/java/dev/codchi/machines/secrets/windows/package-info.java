/** Keys sealed by Windows itself; in builds for Windows only. */
@NullMarked
package dev.codchi.machines.secrets.windows;

import org.jspecify.annotations.NullMarked;
