/** Folders of the host in machines, and machines' homes on the host. */
@NullMarked
package dev.codchi.hostintegration.folders;

import org.jspecify.annotations.NullMarked;
