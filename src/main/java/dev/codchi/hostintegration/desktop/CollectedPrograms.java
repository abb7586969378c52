package dev.codchi.hostintegration.desktop;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.store.StoreFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The programs that a built system shows to its host, as the machine driver collects them; {@code
 * src/main/nix/README.md} describes the directory. What is no plain file, or too large to be an
 * entry or a picture, is passed over.
 */
@ApplicationScoped
class CollectedPrograms {
  private static final String COLLECTED = "/codchi/desktop";
  private static final String SUFFIX = ".desktop";
  private static final long LARGEST = 4L << 20;

  /** Kinds of pictures that every desktop shows (Icon Theme Specification 0.13). */
  private static final List<String> PICTURES = List.of(".svg", ".png", ".xpm");

  /**
   * One program.
   *
   * @param name of its file, without the suffix; any text that a file's name can be
   * @param entry what its file says
   * @param icon the file with its picture, if it has one
   */
  record Program(String name, DesktopEntry entry, Optional<Path> icon) {}

  private final StoreFiles storeFiles;

  CollectedPrograms(StoreFiles storeFiles) {
    this.storeFiles = storeFiles;
  }

  /**
   * The programs of a system, sorted by name; none for a system that collects none.
   *
   * @param system store path
   * @throws Failure {@code DIRECTORY_UNUSABLE} when they cannot be read
   */
  List<Program> of(String system) {
    Optional<Path> directory = storeFiles.locate(system + COLLECTED + "/applications");
    if (directory.isEmpty()) {
      return List.of();
    }
    List<Program> programs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.get(), "*" + SUFFIX)) {
      for (Path file : files) {
        if (usable(file)) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
          String name = file.getFileName().toString();
          name = name.substring(0, name.length() - SUFFIX.length());
          programs.add(new Program(name, DesktopEntry.parse(text), icon(directory.get(), name)));
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + directory.get())
          .because(e.toString())
          .causedBy(e);
    }
    programs.sort(Comparator.comparing(Program::name));
    return programs;
  }

  private static Optional<Path> icon(Path applications, String name) throws IOException {
    for (String extension : PICTURES) {
      Path file = applications.resolveSibling("icons").resolve(name + extension);
      if (usable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static boolean usable(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= LARGEST;
  }
}
