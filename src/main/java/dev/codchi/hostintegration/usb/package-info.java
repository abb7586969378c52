/** USB devices: what is plugged in, and which machines may use it. */
@NullMarked
package dev.codchi.hostintegration.usb;

import org.jspecify.annotations.NullMarked;
