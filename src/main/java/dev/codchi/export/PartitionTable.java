package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Adds a partition behind the last one of a disk that is a file: to a GUID partition table (UEFI
 * 2.10, chapter 5), or to one of the master boot record. The file already has its final size.
 */
final class PartitionTable {
  static final int SECTOR = 512;

  /** What a table with a backup needs behind the last partition, in bytes: 33 sectors, rounded. */
  static final long END = 1L << 20;

  /** "Non-FS data": nobody mounts it. */
  private static final byte MBR_TYPE = (byte) 0xda;

  private static final int MBR_ENTRIES = 446;
  private static final int MBR_ENTRY = 16;
  private static final int PROTECTIVE = 0xee;
  private static final int GPT_HEADER = 92;

  /** Made up for codchi: 6b1f4c0e-9a57-4d4e-8c1d-636f64636869, as it is written to a disk. */
  private static final byte[] GPT_TYPE = {
    0x0e,
    0x4c,
    0x1f,
    0x6b,
    0x57,
    (byte) 0x9a,
    0x4e,
    0x4d,
    (byte) 0x8c,
    0x1d,
    0x63,
    0x6f,
    0x64,
    0x63,
    0x68,
    0x69
  };

  private PartitionTable() {}

  /** Whether the disk has a GUID partition table. */
  static boolean isGpt(FileChannel disk) throws IOException {
    ByteBuffer first = read(disk, SECTOR, 8);
    byte[] signature = new byte[8];
    first.get(signature);
    return new String(signature, StandardCharsets.US_ASCII).equals("EFI PART");
  }

  /**
   * Adds a partition.
   *
   * @param begin where it begins, in bytes, a multiple of a sector
   * @param length how long it is, in bytes, a multiple of a sector
   * @throws IOException also when there is no table, or no room in it
   */
  static void add(FileChannel disk, long begin, long length) throws IOException {
    if (isGpt(disk)) {
      addToGpt(disk, begin / SECTOR, (begin + length) / SECTOR - 1);
    } else {
      addToMbr(disk, begin / SECTOR, length / SECTOR);
    }
  }

  private static void addToMbr(FileChannel disk, long first, long count) throws IOException {
    ByteBuffer sector = read(disk, 0, SECTOR);
    if ((sector.getShort(510) & 0xffff) != 0xaa55) {
      throw new IOException("the image has no partition table");
    }
    if (first + count > 0xffffffffL) {
      throw new IOException("the image is too large for its partition table (2 TiB)");
    }
    for (int i = 0; i < 4; i++) {
      int at = MBR_ENTRIES + i * MBR_ENTRY;
      if (sector.get(at + 4) == 0) {
        sector.put(at, (byte) 0);
        sector.put(at + 1, (byte) 0xfe).put(at + 2, (byte) 0xff).put(at + 3, (byte) 0xff);
        sector.put(at + 4, MBR_TYPE);
        sector.put(at + 5, (byte) 0xfe).put(at + 6, (byte) 0xff).put(at + 7, (byte) 0xff);
        sector.putInt(at + 8, (int) first).putInt(at + 12, (int) count);
        write(disk, 0, sector);
        return;
      }
    }
    throw new IOException("the image has four partitions already");
  }

  private static void addToGpt(FileChannel disk, long first, long last) throws IOException {
    long sectors = disk.size() / SECTOR;
    ByteBuffer header = read(disk, SECTOR, SECTOR);
    int count = header.getInt(80);
    int size = header.getInt(84);
    if (count < 1 || count > 1024 || size < 128 || size > 4096) {
      throw new IOException("the image's partition table is damaged");
    }
    long entriesAt = header.getLong(72);
    int entrySectors = (count * size + SECTOR - 1) / SECTOR;
    ByteBuffer entries = read(disk, entriesAt * SECTOR, entrySectors * SECTOR);
    int free = -1;
    for (int i = 0; i < count && free < 0; i++) {
      free = entries.getLong(i * size) == 0 && entries.getLong(i * size + 8) == 0 ? i : -1;
    }
    if (free < 0) {
      throw new IOException("the image's partition table is full");
    }
    int at = free * size;
    entries.put(at, GPT_TYPE);
    // The disk's own identity, made another by its place: equal disks stay equal.
    entries.putLong(at + 16, header.getLong(56) ^ first).putLong(at + 24, header.getLong(64));
    entries.putLong(at + 32, first).putLong(at + 40, last).putLong(at + 48, 0);
    byte[] name = "codchi-state".getBytes(StandardCharsets.UTF_16LE);
    entries.put(at + 56, name);

    long backup = sectors - 1 - entrySectors;
    header.putLong(48, backup - 1).putInt(88, sum(entries, count * size));
    write(disk, SECTOR, seal(header, 1, sectors - 1, entriesAt));
    write(disk, entriesAt * SECTOR, entries);
    write(disk, backup * SECTOR, entries);
    write(disk, (sectors - 1) * SECTOR, seal(header, sectors - 1, 1, backup));

    ByteBuffer protective = read(disk, 0, SECTOR);
    if ((protective.get(MBR_ENTRIES + 4) & 0xff) == PROTECTIVE) {
      protective.putInt(MBR_ENTRIES + 12, (int) Math.min(sectors - 1, 0xffffffffL));
      write(disk, 0, protective);
    }
  }

  /** The header as it stands in one of its two places. */
  private static ByteBuffer seal(ByteBuffer header, long here, long other, long entriesAt) {
    header.putLong(24, here).putLong(32, other).putLong(72, entriesAt).putInt(16, 0);
    return header.putInt(16, sum(header, GPT_HEADER));
  }

  private static int sum(ByteBuffer bytes, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes.duplicate().clear().limit(length));
    return (int) sum.getValue();
  }

  private static ByteBuffer read(FileChannel disk, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (disk.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the image is too small for a disk");
      }
    }
    return bytes.clear();
  }

  private static void write(FileChannel disk, long at, ByteBuffer bytes) throws IOException {
    ByteBuffer all = bytes.duplicate().clear();
    while (all.hasRemaining()) {
      disk.write(all, at + all.position());
    }
  }
}
