package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key in a file that only its owner can read. It protects a vault that is copied without it, and
 * nothing else; hence it is used only where a person chose it. The file is one line: {@code
 * codchi-key-1 ID KEY}, both hexadecimal.
 *
 * <p>A file holds one key. While it is renewed, the new one is in a file beside it, {@code
 * NAME.new}, which at last replaces the old one in one step.
 */
public final class KeyFile implements KeyStore {
  private static final Pattern LINE =
      Pattern.compile("codchi-key-1 ([0-9a-f]{32}) ([0-9a-f]{64})\\n?");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path file;
  private final Path next;

  /** A key in this file; it is made when first needed. */
  public KeyFile(Path file) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + ".new");
  }

  @Override
  public IdentifiedKey current() {
    return read(next)
        .or(() -> read(file))
        .orElseGet(() -> {
          try (ExclusiveLock _ = lock("make a key file")) {
            return read(file).orElseGet(() -> make(file));
          }
        });
  }

  /** The new file first: it is gone only after the other one has the same key. */
  @Override
  public Optional<DataKey> find(String id) {
    return read(next)
        .flatMap(found -> ifNamed(id, found))
        .or(() -> read(file).flatMap(found -> ifNamed(id, found)));
  }

  @Override
  public void renew() {
    try (ExclusiveLock _ = lock("make a new key file")) {
      Optional<String> unfinished = idIn(next);
      if (unfinished.isPresent() && unfinished.equals(idIn(file))) {
        // Killed when all but the last step was done: that renewal is over.
        remove(next);
      } else if (unfinished.isPresent()) {
        return;
      }
      make(next).close();
    }
  }

  @Override
  public void retire() {
    try (ExclusiveLock _ = lock("remove the old key")) {
      Optional<IdentifiedKey> renewed = read(next);
      if (renewed.isPresent()) {
        try (IdentifiedKey key = renewed.get()) {
          write(file, key);
        }
        remove(next);
      }
    }
  }

  private ExclusiveLock lock(String doing) {
    return ExclusiveLock.acquire(
        file.resolveSibling(file.getFileName() + ".lock"), doing, PATIENCE);
  }

  private static IdentifiedKey make(Path where) {
    IdentifiedKey fresh = IdentifiedKey.random();
    write(where, fresh);
    return fresh;
  }

  private static void write(Path where, IdentifiedKey key) {
    String line =
        "codchi-key-1 " + key.id() + " " + HexFormat.of().formatHex(key.key().raw()) + "\n";
    WholeFile.write(where, line, 0600);
  }

  private static void remove(Path where) {
    try {
      Files.deleteIfExists(where);
    } catch (IOException failed) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "Cannot delete " + where)
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }

  @Override
  public String description() {
    return "the key file " + file;
  }

  private static Optional<DataKey> ifNamed(String id, IdentifiedKey found) {
    if (found.id().equals(id)) {
      return Optional.of(found.key());
    }
    found.close();
    return Optional.empty();
  }

  private static Optional<String> idIn(Path where) {
    return read(where)
        .map(key -> {
          key.close();
          return key.id();
        });
  }

  private static Optional<IdentifiedKey> read(Path where) {
    if (Files.exists(where, LinkOption.NOFOLLOW_LINKS)) {
      requirePrivate(where);
    }
    return WholeFile.read(where).map(content -> parse(content, where));
  }

  private static IdentifiedKey parse(byte[] content, Path where) {
    Matcher line = LINE.matcher(new String(content, StandardCharsets.US_ASCII));
    Arrays.fill(content, (byte) 0);
    if (!line.matches()) {
      throw Failure.of(FailureCode.KEY_WRONG, "There is no key in " + where)
          .because("It should hold one line: codchi-key-1 ID KEY")
          .next("Restore the key file from a backup, or name another one in secrets.key_file.");
    }
    return new IdentifiedKey(line.group(1), DataKey.owning(HexFormat.of().parseHex(line.group(2))));
  }

  private static void requirePrivate(Path file) {
    try {
      if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        return;
      }
      Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
      open.addAll(Files.getPosixFilePermissions(file));
      open.retainAll(OTHERS);
      if (!open.isEmpty()) {
        throw Failure.of(FailureCode.KEY_FILE_UNSAFE, "Other users may reach the key in " + file)
            .because("Its mode grants more than 0600")
            .next("If nobody else has read it, run: chmod 600 " + file);
      }
    } catch (IOException failed) {
      if (failed instanceof NoSuchFileException && !Files.isSymbolicLink(file)) {
        // Another process has just put the new key in the old one's place.
        return;
      }
      throw Failure.of(FailureCode.KEY_FILE_UNSAFE, "Cannot tell who may read " + file)
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }
}
