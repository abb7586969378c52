package dev.codchi.export;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.Workspace;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The archive in a file that is imported: all of it, or a part of an image.
 *
 * @param file the file that has it
 * @param begin where it begins
 * @param length how long it is
 * @param compression how it is packed
 * @param workspace what was unpacked to reach it; removed with this
 */
record ImportSource(
    FileChannel file,
    long begin,
    long length,
    Compression compression,
    @Nullable Workspace workspace)
    implements Closeable {
  /** The archive from its beginning; can be called again. */
  ReadableByteChannel open() {
    return new Window(file, begin, length);
  }

  /** The same as a stream. */
  InputStream stream() {
    return Channels.newInputStream(open());
  }

  /** A file that can be read as it is. */
  static ImportSource of(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    byte[] first = Channels.newInputStream(new Window(file, 0, 8)).readNBytes(8);
    return new ImportSource(file, 0, file.size(), Compression.ofMagic(first), null);
  }

  /** A part of the same file. */
  ImportSource part(long from, long size) {
    return new ImportSource(file, begin + from, size, Compression.NONE, workspace);
  }

  @Override
  public void close() throws IOException {
    file.close();
    if (workspace != null) {
      workspace.close();
    }
  }

  /** What cannot be imported, and why. */
  static Failure refused(String why) {
    return Failure.of(FailureCode.IMPORT_REFUSED, "the file is not imported").because(why);
  }
}
