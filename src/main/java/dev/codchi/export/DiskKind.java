package dev.codchi.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a file says that it is, if it is a disk. */
enum DiskKind {
  /** No disk. */
  NONE,
  /** Byte by byte, with a partition table. */
  RAW,
  /** QEMU's format (docs/interop/qcow2.txt of QEMU). */
  QCOW2,
  /** VMware's format (Virtual Disk Format 5.0). */
  VMDK,
  /** Hyper-V's format (MS-VHDX). */
  VHDX;

  private static final int QCOW2_EXTERNAL_DATA = 4;
  private static final int VMDK_DESCRIPTOR_LIMIT = 1 << 20;

  /** What the first block of a file says. */
  static DiskKind ofMagic(byte[] first) {
    if (first.length < TarInput.BLOCK) {
      return NONE;
    }
    String text = new String(first, 0, 8, StandardCharsets.ISO_8859_1);
    if (text.startsWith("QFI\u00fb")) {
      return QCOW2;
    }
    if (text.startsWith("KDMV")) {
      return VMDK;
    }
    if (text.equals("vhdxfile")) {
      return VHDX;
    }
    boolean tar = new String(first, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar");
    return !tar && first[510] == 0x55 && (first[511] & 0xff) == 0xaa ? RAW : NONE;
  }

  /** What qemu-img calls it. */
  String qemu() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Refuses a disk that takes parts of its content from other files: whoever made it would choose
   * which of this computer's files are read.
   */
  void refuseReferences(ImportSource disk) throws IOException {
    if (this == QCOW2) {
      ByteBuffer header =
          ByteBuffer.wrap(disk.stream().readNBytes(104)).order(ByteOrder.BIG_ENDIAN);
      if (header.limit() < 80) {
        throw ImportSource.refused("its header is cut off");
      }
      boolean external = header.getInt(4) >= 3 && (header.getLong(72) & QCOW2_EXTERNAL_DATA) != 0;
      if (header.getLong(8) != 0 || external) {
        throw ImportSource.refused("the disk takes its content from another file");
      }
    } else if (this == VMDK) {
      ByteBuffer header =
          ByteBuffer.wrap(disk.stream().readNBytes(TarInput.BLOCK)).order(ByteOrder.LITTLE_ENDIAN);
      long at = header.getLong(28) * TarInput.BLOCK;
      long size = header.getLong(36) * TarInput.BLOCK;
      if (header.getLong(12) == 0 || at < 0 || size < 0 || size > VMDK_DESCRIPTOR_LIMIT) {
        throw ImportSource.refused("the disk takes its content from another file");
      }
      String description =
          new String(
              disk.part(at, size).stream().readNBytes((int) size), StandardCharsets.ISO_8859_1);
      if (description.contains("parentFileNameHint")
          || !description.matches("(?s).*parentCID=ffffffff.*")) {
        throw ImportSource.refused("the disk takes its content from another file");
      }
    }
  }
}
