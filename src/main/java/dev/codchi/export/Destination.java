package dev.codchi.export;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.FullDisk;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an export goes. A file has its name only when it is complete: until then it is a {@link
 * PartialFile} beside it, which is removed when the export fails.
 */
final class Destination implements Closeable {
  private final FileChannel channel;
  private final WriteBehind bytes;
  private final @Nullable Path file;
  private final @Nullable PartialFile partial;
  private boolean settled;

  private Destination(FileChannel channel, @Nullable Path file, @Nullable PartialFile partial) {
    this.channel = channel;
    this.bytes = new WriteBehind(channel);
    this.file = file;
    this.partial = partial;
  }

  /** Standard output. */
  @SuppressWarnings("resource") // standard output is not ours to close
  static Destination standardOutput() {
    return new Destination(new FileOutputStream(FileDescriptor.out).getChannel(), null, null);
  }

  /**
   * A file that does not exist yet, private to its owner.
   *
   * @param tree a directory that the file must not be in, because it is exported itself
   * @param replace whether a file that exists is replaced, once the new one is complete
   * @throws Failure {@code EXPORT_TARGET} where that is no place for it
   */
  static Destination file(Path wanted, Path tree, boolean replace) {
    Path file = wanted.toAbsolutePath();
    try {
      Path parent = file.getParent();
      if (parent == null || Files.isDirectory(file)) {
        throw refused(wanted, "it is a directory");
      }
      Path directory = parent.toRealPath();
      if (Files.exists(tree) && directory.startsWith(tree.toRealPath())) {
        throw refused(wanted, "it is inside the home directory of the machine");
      }
      file = directory.resolve(file.getFileName());
      refuseExisting(file, replace);
      PartialFile.removeAbandoned(directory);
      PartialFile partial = PartialFile.in(directory);
      return new Destination(partial.channel(), file, partial);
    } catch (IOException e) {
      throw failure(e, wanted);
    }
  }

  /** The file itself, for those that leave holes in it. */
  FileChannel channel() {
    return channel;
  }

  /** Where bytes go one after the other. */
  WritableByteChannel bytes() {
    return file == null ? channel : bytes;
  }

  /**
   * Begins to bring the file to the disk, while the caller does something else before {@link
   * #complete}. Nothing more is to be written.
   */
  void settle() throws IOException {
    if (file != null) {
      bytes.settle();
      settled = true;
    }
  }

  /** Gives the file its name. Nothing more is to be written. */
  void complete(boolean replace) {
    if (file == null || partial == null) {
      return;
    }
    try {
      if (!settled) {
        bytes.settle();
      }
      bytes.await();
      refuseExisting(file, replace);
      partial.moveTo(file);
      try (FileChannel directory = FileChannel.open(file.resolveSibling("."))) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw failure(e, file);
    }
  }

  /** What an error while writing means. */
  Failure failure(IOException e) {
    return failure(e, file == null ? Path.of("standard output") : file);
  }

  /** Removes what is not complete. */
  @Override
  public void close() throws IOException {
    if (partial != null) {
      partial.close();
    }
  }

  private static void refuseExisting(Path file, boolean replace) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !(replace && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
      throw Failure.of(FailureCode.EXPORT_EXISTS, "there is already a file " + file);
    }
  }

  private static Failure refused(Path file, String why) {
    return Failure.of(FailureCode.EXPORT_TARGET, "cannot write to " + file).because(why);
  }

  private static Failure failure(IOException e, Path file) {
    String reason =
        e instanceof AccessDeniedException
            ? "permission denied"
            : e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : e instanceof java.nio.file.NoSuchFileException
                    ? "there is no such directory"
                    : String.valueOf(e.getMessage());
    boolean full = FullDisk.isMeantBy(reason);
    return Failure.of(
            full ? FailureCode.DISK_FULL : FailureCode.EXPORT_TARGET, "cannot write " + file)
        .because(reason)
        .causedBy(e);
  }
}
