package dev.codchi.export;

import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A file in an archive that packs an image: the same bytes for the same image, whenever made. */
final class PackedFile {
  private PackedFile() {}

  /** The header of a file whose content the caller writes. */
  static TarArchiveEntry entry(String name, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(0644);
    entry.setModTime(0L);
    return entry;
  }

  /** Writes a file. */
  static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
    tar.putArchiveEntry(entry(name, content.length));
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
