package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Copies files whose empty parts take no room, and keeps it so. */
final class SparseCopy {
  private static final int PIECE = 256 * 1024;

  private SparseCopy() {}

  /**
   * Copies a file.
   *
   * @param measured gets all bytes; it writes to {@code target} unless they are all zero
   */
  static void copy(Path from, Measured measured, FileChannel target) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(PIECE);
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    long end = target.position();
    try (FileChannel source = FileChannel.open(from)) {
      while (source.read(piece) >= 0) {
        piece.flip();
        end += piece.remaining();
        if (piece.mismatch(zeros.clear().limit(piece.remaining())) < 0) {
          measured.skip(piece);
          target.position(end);
        } else {
          writeAll(piece, measured);
        }
        piece.clear();
      }
    }
    if (end > 0 && target.size() < end) {
      target.write(ByteBuffer.allocate(1), end - 1);
    }
  }

  private static void writeAll(ByteBuffer piece, WritableByteChannel channel) throws IOException {
    while (piece.hasRemaining()) {
      channel.write(piece);
    }
  }
}
