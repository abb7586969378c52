/** What the host has to offer its machines: display, sound, graphics card, USB and more. */
@NullMarked
package dev.codchi.hostintegration;

import org.jspecify.annotations.NullMarked;
