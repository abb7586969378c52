/** Settings (flags, environment, file, defaults) and the directories that codchi owns. */
@NullMarked
package dev.codchi.config;

import org.jspecify.annotations.NullMarked;
