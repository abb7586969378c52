package dev.codchi.driver;

import java.nio.file.Path;

/**
 * A character device of the host, at the same path in the container, where it belongs to the person
 * and to a group.
 *
 * @param name unique within the container
 * @param node absolute path, for example {@code /dev/dri/renderD128}
 * @param gid the group inside that may read and write it, too
 */
public record CharacterDevice(String name, Path node, int gid) implements Device {}
