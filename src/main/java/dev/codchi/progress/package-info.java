/** What long operations tell people while they run; the command line decides how it looks. */
@NullMarked
package dev.codchi.progress;

import org.jspecify.annotations.NullMarked;
