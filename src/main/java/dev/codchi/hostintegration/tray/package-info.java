/** The tray icon: all machines with what can be done with them, and notifications. */
@NullMarked
package dev.codchi.hostintegration.tray;

import org.jspecify.annotations.NullMarked;
