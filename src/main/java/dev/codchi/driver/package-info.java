/** The container port: what codchi needs of LXD, Incus or WSL, in codchi's own words. */
@NullMarked
package dev.codchi.driver;

import org.jspecify.annotations.NullMarked;
