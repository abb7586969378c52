/**
 * A daemon that speaks enough of the LXD protocol for codchi, on a unix socket, without root: its
 * containers are directories, its programs real processes of this computer. For tests.
 */
@NullMarked
package dev.codchi.driver.lxd.fake;

import org.jspecify.annotations.NullMarked;
