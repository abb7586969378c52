/** Machines on the host's desktop: menu entries for their programs, terminals with their shells. */
@NullMarked
package dev.codchi.hostintegration.desktop;

import org.jspecify.annotations.NullMarked;
