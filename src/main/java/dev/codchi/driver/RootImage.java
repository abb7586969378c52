package dev.codchi.driver;

import java.util.List;
import java.util.Map;

/**
 * A root file system of nothing but empty directories and symbolic links, made in memory and shared
 * by all containers that start from the same one.
 *
 * @param description shown by the backend's own tools
 * @param directories absolute paths, parents before children, with their modes
 * @param links absolute path to target
 */
public record RootImage(
    String description, List<Directory> directories, Map<String, String> links) {
  /**
   * One empty directory, owned by the container's root.
   *
   * @param path absolute
   * @param mode permission bits
   */
  public record Directory(String path, int mode) {}

  public RootImage {
    directories = List.copyOf(directories);
    links = Map.copyOf(links);
  }
}
