package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts what goes to a channel, and computes its SHA-256 on the way. Not thread-safe. */
final class Measured implements WritableByteChannel {
  private final WritableByteChannel target;
  private final MessageDigest digest = sha256();
  private long size;

  Measured(WritableByteChannel target) {
    this.target = target;
  }

  /** A new computation. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    ByteBuffer seen = bytes.duplicate();
    int count = target.write(bytes);
    digest.update(seen.limit(seen.position() + count));
    size += count;
    return count;
  }

  /** Counts bytes that need not be written, because the file has a hole there. */
  void skip(ByteBuffer bytes) {
    size += bytes.remaining();
    digest.update(bytes);
  }

  /** How many bytes were written. */
  long size() {
    return size;
  }

  /** The sum of all of them in base 16; to be called once, at the end. */
  String sum() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
