/** What machines must not show: secrets, sealed on the host in one vault per machine. */
@NullMarked
package dev.codchi.machines.secrets;

import org.jspecify.annotations.NullMarked;
