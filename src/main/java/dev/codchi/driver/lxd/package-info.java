/** The container port over the REST interface of LXD and Incus. */
@NullMarked
package dev.codchi.driver.lxd;

import org.jspecify.annotations.NullMarked;
