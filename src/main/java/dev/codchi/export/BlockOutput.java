package dev.codchi.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Gathers what is written and hands it on in large pieces; counts it. Not thread-safe. */
final class BlockOutput extends OutputStream {
  private static final int SIZE = 1024 * 1024;

  /** From this size on, a copy into the buffer costs more than a call of the system. */
  private static final int LARGE = 32 * 1024;

  private final WritableByteChannel target;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
  private long written;

  BlockOutput(WritableByteChannel target) {
    this.target = target;
  }

  /** How many bytes were written so far. */
  long written() {
    return written;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  /** Writes all that remains in a buffer. */
  void write(ByteBuffer bytes) throws IOException {
    written += bytes.remaining();
    if (bytes.remaining() >= LARGE && bytes.isDirect()) {
      flush();
      while (bytes.hasRemaining()) {
        target.write(bytes);
      }
      return;
    }
    while (bytes.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), bytes.remaining());
      buffer.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
    }
  }

  @Override
  public void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      target.write(buffer);
    }
    buffer.clear();
  }
}
