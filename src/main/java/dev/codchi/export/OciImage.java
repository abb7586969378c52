package dev.codchi.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.files.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An archive of an image in the layout of the Open Container Initiative (image-spec 1.1,
 * image-layout.md) with one layer. {@code podman load} and {@code docker load} take it.
 */
final class OciImage {
  static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  /** Layout, index, manifest, configuration, layer. */
  private static final int MEMBERS = 5;

  private OciImage() {}

  /**
   * Writes the archive with its end.
   *
   * @param layer an archive of the system's files
   * @param sum the layer's SHA-256 in base 16
   * @param architecture as Go calls it, for example {@code amd64}
   * @param name the image's name
   * @return how many members were written
   */
  @SuppressWarnings("resource") // the output is not ours to close
  static long write(Path layer, String sum, String architecture, String name, BlockOutput output)
      throws IOException {
    ObjectNode config =
        JsonText.MAPPER.createObjectNode().put("architecture", architecture).put("os", "linux");
    ObjectNode process = config.putObject("config");
    process.putArray("Entrypoint").add("/sbin/init");
    process.put("StopSignal", "SIGRTMIN+3");
    process.putArray("Env").add("container=oci");
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add("sha256:" + sum);
    byte[] configBytes = bytes(config);

    ObjectNode manifest = JsonText.MAPPER.createObjectNode().put("schemaVersion", 2);
    manifest.put("mediaType", MANIFEST);
    manifest.set("config", descriptor(CONFIG, configBytes));
    manifest.putArray("layers").add(descriptor(LAYER, sum, Files.size(layer)));
    byte[] manifestBytes = bytes(manifest);

    ObjectNode index = JsonText.MAPPER.createObjectNode().put("schemaVersion", 2);
    ObjectNode entry = descriptor(MANIFEST, manifestBytes);
    entry
        .putObject("annotations")
        .put("org.opencontainers.image.ref.name", name)
        .put("io.containerd.image.name", name);
    index.putArray("manifests").add(entry);

    TarArchiveOutputStream tar = new TarArchiveOutputStream(output, "UTF-8");
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    PackedFile.put(
        tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    PackedFile.put(tar, "index.json", bytes(index));
    PackedFile.put(tar, "blobs/sha256/" + sum(manifestBytes), manifestBytes);
    PackedFile.put(tar, "blobs/sha256/" + sum(configBytes), configBytes);
    TarArchiveEntry blob = PackedFile.entry("blobs/sha256/" + sum, Files.size(layer));
    tar.putArchiveEntry(blob);
    try (InputStream in = Files.newInputStream(layer)) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
    tar.finish();
    return MEMBERS;
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String sum(byte[] bytes) {
    return HexFormat.of().formatHex(Measured.sha256().digest(bytes));
  }

  private static ObjectNode descriptor(String type, byte[] content) {
    return descriptor(type, sum(content), content.length);
  }

  private static ObjectNode descriptor(String type, String sum, long size) {
    return JsonText.MAPPER
        .createObjectNode()
        .put("mediaType", type)
        .put("digest", "sha256:" + sum)
        .put("size", size);
  }
}
