package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.RootImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A root image as a unified image tarball: {@code metadata.yaml} and {@code rootfs/} ("Image
 * format" in the daemon's documentation). The same image always gives the same bytes, so that its
 * fingerprint, the SHA-256 of the tarball, is known before the daemon has seen it.
 *
 * @param content the tarball, not compressed: it is smaller than a compressor's own code
 * @param fingerprint in lower-case hexadecimal
 */
@SuppressWarnings("ArrayRecordComponent") // private to this package, never compared
record ImageArchive(byte[] content, String fingerprint) {
  /** Any constant will do; 0 is read as unset. */
  private static final long CREATED = 1;

  static ImageArchive of(RootImage image, String architecture) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 1024, "UTF-8")) {
        byte[] metadata = metadata(image, architecture).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry description = entry("metadata.yaml", TarConstants.LF_NORMAL, 0644);
        description.setSize(metadata.length);
        tar.putArchiveEntry(description);
        tar.write(metadata);
        tar.closeArchiveEntry();
        add(tar, entry("rootfs/", TarConstants.LF_DIR, 0755));
        for (RootImage.Directory directory : image.directories()) {
          String name = "rootfs" + directory.path() + "/";
          add(tar, entry(name, TarConstants.LF_DIR, directory.mode()));
        }
        for (Map.Entry<String, String> link : new TreeMap<>(image.links()).entrySet()) {
          TarArchiveEntry entry = entry("rootfs" + link.getKey(), TarConstants.LF_SYMLINK, 0777);
          entry.setLinkName(link.getValue());
          add(tar, entry);
        }
      }
      byte[] content = bytes.toByteArray();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new ImageArchive(content, HexFormat.of().formatHex(digest));
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** JSON, which every YAML reader understands. */
  private static String metadata(RootImage image, String architecture) {
    ObjectNode metadata = LxdApi.object();
    metadata.put("architecture", architecture).put("creation_date", CREATED);
    metadata
        .putObject("properties")
        .put("os", "codchi")
        .put("architecture", architecture)
        .put("description", image.description());
    return metadata.toString();
  }

  private static TarArchiveEntry entry(String name, byte type, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    entry.setModTime(CREATED * 1000);
    return entry;
  }

  private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
