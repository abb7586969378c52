package dev.codchi.network;

import dev.codchi.config.Directories;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The certificate authorities that a person added to those of this computer: files {@code
 * certs/NAME.pem} in the configuration directory.
 */
@ApplicationScoped
public class Authorities {
  private static final String SUFFIX = ".pem";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final int MOST_BYTES = 1 << 20;

  private final Supplier<Directories> directories;

  @Inject
  Authorities(Settings settings) {
    this(settings::directories);
  }

  /** Those of a configuration directory. */
  Authorities(Supplier<Directories> directories) {
    this.directories = directories;
  }

  /** Where they are; it need not exist. */
  Path directory() {
    return directories.get().config().resolve("certs");
  }

  /** All of them, by name. A file that holds none is left out. */
  public List<Authority> list() {
    List<Authority> all = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      WholeFile.read(file)
          .ifPresent(content ->
              Pem.read(content)
                  .certificates()
                  .forEach(each ->
                      all.add(
                          new Authority(
                              name.substring(0, name.length() - SUFFIX.length()), each))));
    }
    return all;
  }

  /**
   * Adds the authorities of a file under a name. Idempotent.
   *
   * @param file PEM with one or several certificates, or DER with one; anything else in it, a
   *     private key for example, is not taken
   * @param name of letters, digits, '.', '_' and '-'
   * @return what was added
   * @throws Failure {@code BAD_CERTIFICATE} when the file holds none or a broken one; {@code
   *     CERTIFICATE_EXISTS} when the name stands for another one
   */
  public List<Authority> add(Path file, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Failure.of(FailureCode.BAD_USAGE, "'" + name + "' cannot be an authority's name")
          .next("Use letters, digits, '.', '_' and '-' in --name.");
    }
    Pem.Content content = Pem.read(read(file));
    if (content.malformed() > 0 || content.certificates().isEmpty()) {
      throw Failure.of(FailureCode.BAD_CERTIFICATE, file + " holds no usable certificate")
          .because(
              content.malformed() > 0
                  ? "it has a certificate that is damaged"
                  : "nothing in it is a certificate");
    }
    byte[] text = Pem.write(content.certificates());
    Path target = directory().resolve(name + SUFFIX);
    if (Files.exists(target) && !list(target).equals(content.certificates())) {
      throw Failure.of(
          FailureCode.CERTIFICATE_EXISTS, "there is already an authority called '" + name + "'");
    }
    WholeFile.write(target, text, 0644);
    return content.certificates().stream().map(each -> new Authority(name, each)).toList();
  }

  /**
   * Removes the authorities of a name.
   *
   * @throws Failure {@code NO_SUCH_CERTIFICATE}
   */
  public void remove(String name) {
    try {
      if (!NAME.matcher(name).matches()
          || !Files.deleteIfExists(directory().resolve(name + SUFFIX))) {
        throw Failure.of(
            FailureCode.NO_SUCH_CERTIFICATE, "there is no authority called '" + name + "'");
      }
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** The files, by name. */
  List<Path> files() {
    if (!Files.isDirectory(directory())) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory(), "*" + SUFFIX)) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw unusable(e);
    }
    files.sort(null);
    return files;
  }

  private static List<X509Certificate> list(Path file) {
    return WholeFile.read(file).map(content -> Pem.read(content).certificates()).orElse(List.of());
  }

  private static byte[] read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw Failure.of(FailureCode.BAD_CERTIFICATE, file + " is too large for a certificate");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw Failure.of(FailureCode.BAD_USAGE, "cannot read " + file)
          .because(e.toString())
          .next("Name a file that you can read.")
          .causedBy(e);
    }
  }

  private Failure unusable(IOException e) {
    return Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot use " + directory())
        .because(e.toString())
        .causedBy(e);
  }
}
