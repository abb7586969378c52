package dev.codchi.hostintegration;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The libraries of NVIDIA's driver on this computer. They belong to the version of the kernel's
 * module, so a machine needs these and no others.
 */
final class NvidiaLibraries {
  /** What the driver brings; what its dispatchers and other vendors bring is not the host's. */
  private static final Pattern NAMES =
      Pattern.compile(
          "lib(cuda|nvcuvid|GLX_nvidia|EGL_nvidia|nvidia-[A-Za-z0-9_-]+)\\.so(\\.[0-9.]+)?");

  /** One of them is there wherever the driver is installed for more than the console. */
  private static final List<String> SIGNS = List.of("libcuda.so.1", "libnvidia-ml.so.1");

  private final List<Path> searched;

  /**
   * Those in the first of these directories that has any.
   *
   * @param searched directories of libraries for this processor
   */
  NvidiaLibraries(List<Path> searched) {
    this.searched = List.copyOf(searched);
  }

  /** Where distributions put them: Debian's way, Fedora's and openSUSE's, Arch's, NixOS'. */
  static NvidiaLibraries ofThisComputer() {
    String architecture =
        System.getProperty("os.arch", "").equals("aarch64") ? "aarch64" : "x86_64";
    return new NvidiaLibraries(
        List.of(
            Path.of("/usr/lib/" + architecture + "-linux-gnu"),
            Path.of("/usr/lib64"),
            Path.of("/usr/lib"),
            Path.of("/run/opengl-driver/lib")));
  }

  /**
   * What was found.
   *
   * @param directory holds all of the files, itself or in directories below; without links
   * @param files where each name leads, relative to the directory
   */
  record Found(Path directory, Map<String, Path> files) {}

  /** Looks for them; nothing where there are none, or they cannot be read. */
  Optional<Found> find() {
    return sign().flatMap(NvidiaLibraries::read);
  }

  /**
   * Another text whenever {@link #find} may find something else. It looks at a few names, where
   * that lists a directory of thousands, so it is for each time that a program is run.
   */
  String clue() {
    return sign()
        .map(found -> {
          try {
            return found.library().toRealPath() + " " + Files.getLastModifiedTime(found.place());
          } catch (IOException gone) {
            return "";
          }
        })
        .orElse("");
  }

  private record Sign(Path place, Path library) {}

  private Optional<Sign> sign() {
    return searched.stream()
        .flatMap(place -> SIGNS.stream().map(name -> new Sign(place, place.resolve(name))))
        .filter(one -> Files.isRegularFile(one.library()))
        .findFirst();
  }

  private static Optional<Found> read(Sign sign) {
    Path place = sign.place();
    Path library = sign.library();
    try {
      Path real = library.toRealPath();
      Path directory = place.toRealPath();
      if (!real.startsWith(directory)) {
        // A directory of links, as on NixOS.
        directory = real.resolve("..").normalize();
      }
      Map<String, Path> files = new TreeMap<>();
      try (DirectoryStream<Path> all =
          Files.newDirectoryStream(
              place, each -> NAMES.matcher(each.getFileName().toString()).matches())) {
        for (Path each : all) {
          // Links are followed here: Debian's lead through /etc, which is another in the machine.
          if (Files.isRegularFile(each)) {
            Path target = each.toRealPath();
            if (target.startsWith(directory)) {
              files.put(each.getFileName().toString(), directory.relativize(target));
            }
          }
        }
      }
      return Optional.of(new Found(directory, files));
    } catch (IOException | java.nio.file.DirectoryIteratorException gone) {
      // The driver is being replaced at this moment; the next command looks anew.
      return Optional.empty();
    }
  }
}
