package dev.codchi.driver;

/**
 * What a backend can do; the rest of codchi adapts to this and never asks which backend it has.
 *
 * @param backend the backend's own name, for people: {@code lxd}, {@code incus}, {@code wsl}
 * @param version the backend's own version
 * @param snapshots whether containers can be snapshotted
 * @param hotplug whether devices can be attached while a container runs
 * @param copyOnWrite whether copying a container shares its blocks with the original
 */
public record DriverFeatures(
    String backend, String version, boolean snapshots, boolean hotplug, boolean copyOnWrite) {}
