package dev.codchi.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What stands beside an export: what it is, what it was made of, and the sums that tell whether it
 * is whole. The same export has the same manifest.
 *
 * @param format the format's name
 * @param machine the machine's name
 * @param generation its generation; 0 before the first
 * @param nixpkgs the revision of nixpkgs, or its hash where it has none; empty when unknown
 * @param image nixpkgs' image that it was made from; empty where it needs none
 * @param codchi the version of codchi that wrote it
 * @param state whether the machine's files are in it
 * @param secrets whether its secrets are in it
 * @param files the files that belong to it
 */
public record Manifest(
    String format,
    String machine,
    int generation,
    String nixpkgs,
    String image,
    String codchi,
    boolean state,
    boolean secrets,
    List<File> files) {
  /** The newest version that this codchi reads, and the one that it writes. */
  static final int VERSION = 1;

  static final String SCHEMA = "codchi/export/";
  private static final String ENDING = ".manifest.json";

  public Manifest {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param name relative to the manifest's directory
   * @param size in bytes
   * @param sha256 in base 16
   */
  public record File(String name, long size, String sha256) {}

  /** Where an export's manifest is. */
  static Path of(Path export) {
    return export.resolveSibling(export.getFileName() + ENDING);
  }

  /** The manifest as a document. */
  public ObjectNode json() {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    json.put("schema", SCHEMA + VERSION).put("format", format).put("machine", machine);
    json.put("generation", generation).put("nixpkgs", nixpkgs);
    Optional.of(image).filter(name -> !name.isEmpty()).ifPresent(name -> json.put("image", name));
    json.put("codchi", codchi).put("state", state).put("secrets", secrets);
    var list = json.putArray("files");
    files.forEach(file ->
        list.addObject()
            .put("name", file.name())
            .put("size", file.size())
            .put("sha256", file.sha256()));
    return json;
  }

  /**
   * Compares a file with the manifest beside it, where there is one.
   *
   * @throws dev.codchi.failure.Failure {@code IMPORT_REFUSED} when it is another file, or of a
   *     newer codchi
   */
  static void compare(Path export) throws IOException {
    Optional<byte[]> content = WholeFile.read(of(export.toAbsolutePath()));
    if (content.isEmpty()) {
      return;
    }
    JsonNode json = JsonText.MAPPER.readTree(content.get());
    String schema = json.path("schema").asText();
    if (!schema.equals(SCHEMA + VERSION)) {
      throw ImportSource.refused(
              "its manifest is of the kind '" + schema.replaceAll("[^\\x20-\\x7e]", "?") + "'")
          .next("Update codchi to the version that wrote it.");
    }
    JsonNode file = json.path("files").path(0);
    try (FileChannel channel = FileChannel.open(export)) {
      boolean same =
          channel.size() == file.path("size").asLong(-1)
              && sum(channel).equals(file.path("sha256").asText());
      if (!same) {
        throw ImportSource.refused("it is not the file that its manifest describes")
            .next("Copy it again, or remove the manifest if it is another file's.");
      }
    }
  }

  private static String sum(FileChannel file) throws IOException {
    MessageDigest digest = Measured.sha256();
    ByteBuffer piece = ByteBuffer.allocate(256 * 1024);
    while (file.read(piece) >= 0) {
      digest.update(piece.flip());
      piece.clear();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Writes it beside an export, replacing an earlier one. */
  void write(Path export) {
    WholeFile.write(
        of(export), (json().toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8), 0600);
  }
}
