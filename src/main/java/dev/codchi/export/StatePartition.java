package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The partition that a machine's files travel on: 4096 bytes that describe it, then a tar archive.
 * The system in the image unpacks it once, before anything could miss the files, and marks it; see
 * {@code codchi-state} in {@code src/main/nix/lib/exports.nix}.
 *
 * @param begin where the archive begins in the disk, in bytes
 * @param length how long it is, in bytes
 * @param sha256 its sum in base 16
 * @param taken whether a system has unpacked it since, so that the machine lives on there
 */
record StatePartition(long begin, long length, String sha256, boolean taken) {
  static final int HEADER = 4096;
  private static final long ALIGNMENT = 1L << 20;
  private static final String FRESH = "codchi-state";
  private static final String TAKEN = "codchi-taken";
  private static final int VERSION = 1;

  /** Writes the archive. */
  @FunctionalInterface
  interface Work<T> {
    /** Writes everything, its end included. */
    T write(BlockOutput output) throws IOException;
  }

  /** Adds the partition to a disk, behind all others. */
  static <T> T append(FileChannel disk, Work<T> work) throws IOException {
    long begin = aligned(disk.size());
    disk.position(begin + HEADER);
    Measured measured = new Measured(disk);
    BlockOutput output = new BlockOutput(measured);
    T result = work.write(output);
    output.flush();
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(
        "%s %d\nlength %d\nsha256 %s\n"
            .formatted(FRESH, VERSION, measured.size(), measured.sum())
            .getBytes(StandardCharsets.US_ASCII));
    header.clear();
    while (header.hasRemaining()) {
      disk.write(header, begin + header.position());
    }
    long end = aligned(begin + HEADER + measured.size());
    disk.write(ByteBuffer.allocate(1), end + PartitionTable.END - 1);
    PartitionTable.add(disk, begin, end - begin);
    return result;
  }

  /**
   * Looks for the partition: at every boundary at which one can begin.
   *
   * @throws IOException when it is of a newer codchi
   */
  static Optional<StatePartition> find(FileChannel disk) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    for (long at = 0; at + HEADER <= disk.size(); at += ALIGNMENT) {
      header.clear();
      while (header.hasRemaining() && disk.read(header, at + header.position()) >= 0) {
        // until the header is whole
      }
      String text = new String(header.array(), StandardCharsets.ISO_8859_1);
      if (text.startsWith(FRESH + " ") || text.startsWith(TAKEN + " ")) {
        return Optional.of(parse(text, at + HEADER, disk.size()));
      }
    }
    return Optional.empty();
  }

  private static StatePartition parse(String text, long begin, long size) throws IOException {
    Map<String, String> fields = new HashMap<>();
    text.substring(0, Math.max(0, text.indexOf('\0')))
        .lines()
        .forEach(line -> {
          int blank = line.indexOf(' ');
          if (blank > 0) {
            fields.put(line.substring(0, blank), line.substring(blank + 1));
          }
        });
    boolean taken = fields.containsKey(TAKEN);
    String version = fields.getOrDefault(taken ? TAKEN : FRESH, "");
    if (!version.equals(String.valueOf(VERSION))) {
      throw new IOException(
          "the disk's files are described in version "
              + version.replaceAll("[^0-9]", "?")
              + ", which only a newer codchi reads");
    }
    String length = fields.getOrDefault("length", "");
    if (!length.matches("[0-9]{1,18}") || Long.parseLong(length) > size - begin) {
      throw new IOException("the description of the disk's files is damaged");
    }
    return new StatePartition(
        begin, Long.parseLong(length), fields.getOrDefault("sha256", ""), taken);
  }

  private static long aligned(long at) {
    return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
