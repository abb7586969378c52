package dev.codchi.export;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A directory with a machine's configuration, which has its name only when it is complete.
 *
 * @param path where it will be
 */
record FlakeDirectory(Path path) {
  private static final String PREFIX = "etc/nixos/";

  /**
   * A directory that is not there yet.
   *
   * @throws Failure {@code EXPORT_EXISTS}; a directory is never replaced, since it may hold what
   *     people wrote
   */
  static FlakeDirectory at(Path wanted, boolean replace) {
    Path path = wanted.toAbsolutePath();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Failure exists =
          Failure.of(FailureCode.EXPORT_EXISTS, "there is already something at " + path);
      throw replace ? exists.next("Remove it yourself: codchi replaces no directories.") : exists;
    }
    return new FlakeDirectory(path);
  }

  /**
   * Writes files below {@code etc/nixos/}, without that part of their names.
   *
   * @return what they are, relative to the directory's parent
   */
  List<Manifest.File> write(List<MachineFiles.Added> files) {
    List<Manifest.File> written = new ArrayList<>();
    try {
      Path parent = path.getParent();
      if (parent == null) {
        throw new IOException("it is the root");
      }
      Path part = Files.createTempDirectory(parent, "." + path.getFileName() + ".");
      try {
        for (MachineFiles.Added file : files) {
          String name = file.path().substring(PREFIX.length());
          Path target = part.resolve(name);
          Files.createDirectories(target.getParent());
          Files.write(target, file.content());
          written.add(
              new Manifest.File(
                  path.getFileName() + "/" + name,
                  file.content().length,
                  HexFormat.of().formatHex(Measured.sha256().digest(file.content()))));
        }
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        FileTree.delete(part);
        throw e;
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.EXPORT_TARGET, "cannot write " + path)
          .because(e.toString())
          .causedBy(e);
    }
    return written;
  }
}
