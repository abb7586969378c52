/** What of the host a machine may use: the port that host integration implements, and consent. */
@NullMarked
package dev.codchi.machines.capabilities;

import org.jspecify.annotations.NullMarked;
