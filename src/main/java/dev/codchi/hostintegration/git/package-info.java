/** Passwords of the host's git for git in machines, for servers that a person named. */
@NullMarked
package dev.codchi.hostintegration.git;

import org.jspecify.annotations.NullMarked;
