package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

  /** A key in this file; it is made when first needed. */
  public KeyFile(Path file) {
    this.file = file;
  }

  @Override
  public IdentifiedKey current() {
    Optional<IdentifiedKey> present = read();
    if (present.isPresent()) {
      return present.get();
    }
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (ExclusiveLock _ = ExclusiveLock.acquire(lock, "make a key file", PATIENCE)) {
      return read().orElseGet(this::make);
    }
  }

  private IdentifiedKey make() {
    IdentifiedKey fresh = IdentifiedKey.random();
    byte[] raw = fresh.key().raw();
    String line = "codchi-key-1 " + fresh.id() + " " + HexFormat.of().formatHex(raw) + "\n";
    WholeFile.write(file, line, 0600);
    return fresh;
  }

  @Override
  public Optional<DataKey> find(String id) {
    return read()
        .flatMap(found -> found.id().equals(id) ? Optional.of(found.key()) : discard(found));
  }

  @Override
  public String description() {
    return "the key file " + file;
  }

  private static Optional<DataKey> discard(IdentifiedKey other) {
    other.close();
    return Optional.empty();
  }

  private Optional<IdentifiedKey> read() {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      requirePrivate();
    }
    return WholeFile.read(file).map(this::parse);
  }

  private IdentifiedKey parse(byte[] content) {
    Matcher line = LINE.matcher(new String(content, StandardCharsets.US_ASCII));
    Arrays.fill(content, (byte) 0);
    if (!line.matches()) {
      throw Failure.of(FailureCode.KEY_WRONG, "There is no key in " + file)
          .because("It should hold one line: codchi-key-1 ID KEY")
          .next("Restore the key file from a backup, or name another one in secrets.key_file.");
    }
    return new IdentifiedKey(line.group(1), DataKey.owning(HexFormat.of().parseHex(line.group(2))));
  }

  private void requirePrivate() {
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
      throw Failure.of(FailureCode.KEY_FILE_UNSAFE, "Cannot tell who may read " + file)
          .because(String.valueOf(failed.getMessage()))
          .causedBy(failed);
    }
  }
}
