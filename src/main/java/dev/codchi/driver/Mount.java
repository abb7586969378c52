package dev.codchi.driver;

import java.nio.file.Path;

/**
 * A host directory inside a container.
 *
 * @param name unique within the container
 * @param source absolute path on the host; must exist when the container is created
 * @param target absolute path inside
 * @param readOnly whether nobody inside can write to it
 */
public record Mount(String name, Path source, String target, boolean readOnly) implements Device {}
