package dev.codchi.store;

import dev.codchi.config.Directories;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The machine driver and the store driver (the project's {@code src/main/nix}), which travel inside
 * the program and are laid out in the configuration directory on first use. The directory is named
 * after its content, so two versions of codchi never mix and a machine's lock file notices an
 * update by itself.
 */
public final class NixTree {
  /**
   * Lists the files of the tree, one relative path a line; made by the build, because a class path
   * cannot be listed.
   */
  private static final String INDEX = "nix-tree.index";

  private static final int HASH_LENGTH = 16;

  private final Directories directories;

  /** A tree below the given configuration directory. */
  public NixTree(Directories directories) {
    this.directories = directories;
  }

  /**
   * Lays the tree out if it is not there yet. Idempotent; safe when two processes do it at once.
   *
   * @return the tree's directory as the store sees it
   * @throws Failure {@code DIRECTORY_UNUSABLE} when it cannot be written
   */
  public String layOut() {
    Path target = directories.config().resolve("driver").resolve(Content.HASH);
    try {
      if (!Files.exists(target.resolve(".complete"))) {
        for (Map.Entry<String, byte[]> file : Content.FILES.entrySet()) {
          Path path = target.resolve(file.getKey());
          Files.createDirectories(path.getParent());
          Files.write(path, file.getValue());
        }
        WholeFile.write(target.resolve(".complete"), new byte[0], 0644);
      }
    } catch (IOException e) {
      throw Failure.of(
              FailureCode.DIRECTORY_UNUSABLE, "cannot write codchi's nix files to " + target)
          .because(e.toString())
          .causedBy(e);
    }
    return "/config/driver/" + Content.HASH;
  }

  /** The tree's files by their relative paths, in the order of their names. */
  public static Map<String, byte[]> files() {
    return Content.FILES;
  }

  /**
   * What the program was built with: read while a native binary is built, which then has it in its
   * image and no resources to look for, and at first use in the form for the JVM.
   */
  private static final class Content {
    private static final Map<String, byte[]> FILES = Collections.unmodifiableMap(read());
    private static final String HASH = hash(FILES);

    private Content() {}

    private static Map<String, byte[]> read() {
      Map<String, byte[]> files = new LinkedHashMap<>();
      new String(resource(INDEX), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .sorted()
          .forEach(name -> files.put(name, resource("nix/" + name)));
      return files;
    }

    private static byte[] resource(String name) {
      try (InputStream in = NixTree.class.getClassLoader().getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("the program was built without " + name);
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String hash(Map<String, byte[]> files) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        files.forEach((name, content) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          digest.update(content);
          digest.update((byte) 0);
        });
        return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LENGTH);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
