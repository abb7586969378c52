package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** A part of a file, read from its beginning. The file stays open when this is closed. */
final class Window implements ReadableByteChannel {
  private final FileChannel file;
  private final long end;
  private long at;

  Window(FileChannel file, long begin, long length) {
    this.file = file;
    this.at = begin;
    this.end = begin + length;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (at >= end) {
      return -1;
    }
    int limit = target.limit();
    target.limit((int) Math.min(limit, target.position() + (end - at)));
    try {
      int count = file.read(target, at);
      at += Math.max(0, count);
      return count;
    } finally {
      target.limit(limit);
    }
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() {}
}
