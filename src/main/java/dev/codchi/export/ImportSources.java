package dev.codchi.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.config.Settings;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.machines.Workspace;
import dev.codchi.progress.Progress;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the archive of a machine's files in whatever codchi exports: archives, container images,
 * disks.
 */
@ApplicationScoped
class ImportSources {
  private static final int SMALL = 4 * 1024 * 1024;
  private static final int MOST_MEMBERS = 10_000;

  private final Settings settings;
  private final Nix nix;
  private final DiskTools tools;

  ImportSources(Settings settings, Nix nix, DiskTools tools) {
    this.settings = settings;
    this.nix = nix;
    this.tools = tools;
  }

  /**
   * Opens a file.
   *
   * @throws dev.codchi.failure.Failure {@code IMPORT_REFUSED}
   */
  ImportSource open(Path path, Progress progress) throws IOException {
    ImportSource whole = ImportSource.of(path);
    try {
      if (whole.compression() != Compression.NONE) {
        return whole;
      }
      byte[] first = whole.stream().readNBytes(TarInput.BLOCK);
      DiskKind kind = DiskKind.ofMagic(first);
      if (kind != DiskKind.NONE) {
        return disk(whole, kind, progress);
      }
      String member = new String(first, 0, Math.min(100, first.length), StandardCharsets.US_ASCII);
      member = member.substring(0, Math.max(0, member.indexOf('\0')));
      if (member.equals("oci-layout")) {
        return layer(whole);
      }
      return member.endsWith(".ovf") ? applianceDisk(whole, progress) : whole;
    } catch (TarInput.DamagedArchive | EOFException e) {
      whole.close();
      throw ImportSource.refused(String.valueOf(e.getMessage())).causedBy(e);
    } catch (IOException | RuntimeException e) {
      whole.close();
      throw e;
    }
  }

  /** Where a member of an archive has its content. */
  private record Place(long begin, long length) {}

  private static Map<String, Place> members(ImportSource archive) throws IOException {
    Map<String, Place> places = new HashMap<>();
    TarInput input = new TarInput(archive.open());
    TarEntry entry;
    while ((entry = input.next()) != null) {
      if (entry.type() == TarEntry.FILE) {
        places.put(entry.name(), new Place(input.consumed(), entry.stored()));
      }
      if (places.size() > MOST_MEMBERS) {
        throw ImportSource.refused("it has more parts than any image");
      }
    }
    return places;
  }

  /** The only layer of an image of the Open Container Initiative. */
  private static ImportSource layer(ImportSource image) throws IOException {
    Map<String, Place> members = members(image);
    JsonNode index = json(image, members, "index.json");
    JsonNode manifest = json(image, members, blob(index.path("manifests")));
    JsonNode layers = manifest.path("layers");
    if (layers.size() != 1 || !layers.path(0).path("mediaType").asText().equals(OciImage.LAYER)) {
      throw ImportSource.refused("it is an image that codchi did not write");
    }
    Place layer = require(members, blob(layers));
    return image.part(layer.begin(), layer.length());
  }

  private static String blob(JsonNode descriptors) {
    return "blobs/" + descriptors.path(0).path("digest").asText().replace(':', '/');
  }

  private static Place require(Map<String, Place> members, String name) {
    Place place = members.get(name);
    if (place == null) {
      throw ImportSource.refused(
          "it is an image without " + name.replaceAll("[^\\x20-\\x7e]", "?"));
    }
    return place;
  }

  private static JsonNode json(ImportSource image, Map<String, Place> members, String name)
      throws IOException {
    Place place = require(members, name);
    if (place.length() > SMALL) {
      throw ImportSource.refused("its description is too large");
    }
    byte[] content = image.part(place.begin(), place.length()).stream().readNBytes(SMALL);
    return JsonText.MAPPER.readTree(content);
  }

  private ImportSource applianceDisk(ImportSource archive, Progress progress) throws IOException {
    Place disk =
        members(archive).entrySet().stream()
            .filter(each -> each.getKey().endsWith(".vmdk"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow(() -> ImportSource.refused("it has no disk"));
    return disk(archive.part(disk.begin(), disk.length()), DiskKind.VMDK, progress);
  }

  /** Unpacks a disk, unless it is raw, and looks for the machine's files on it. */
  private ImportSource disk(ImportSource packed, DiskKind kind, Progress progress)
      throws IOException {
    if (kind == DiskKind.RAW) {
      return state(packed);
    }
    kind.refuseReferences(packed);
    nix.prepare(progress);
    Workspace workspace = Workspace.of(settings.directories());
    try {
      Path copy = workspace.directory().resolve("disk." + kind.qemu());
      try (Progress.Step _ = progress.begin("Unpacking the disk")) {
        try (FileChannel target =
            FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          packed.stream().transferTo(java.nio.channels.Channels.newOutputStream(target));
        }
        Person.current().own(copy);
        tools.convert(
            tools.ofDefaultNixpkgs(progress),
            workspace.inStore() + "/" + copy.getFileName(),
            kind.qemu(),
            workspace.inStore() + "/disk.raw",
            List.of("-O", "raw"));
      }
      packed.file().close();
      FileChannel raw = FileChannel.open(workspace.directory().resolve("disk.raw"));
      return state(new ImportSource(raw, 0, raw.size(), Compression.NONE, workspace));
    } catch (IOException | RuntimeException e) {
      workspace.close();
      if (e instanceof Failure failed && failed.code() == FailureCode.EXPORT_TARGET) {
        throw ImportSource.refused(String.valueOf(failed.why())).causedBy(e);
      }
      throw e;
    }
  }

  private static ImportSource state(ImportSource disk) throws IOException {
    StatePartition state =
        StatePartition.find(disk.file())
            .orElseThrow(() -> ImportSource.refused("it is a disk without a machine's files"));
    if (state.taken()) {
      throw ImportSource.refused(
              "the disk was started since it was exported, so that its system has newer files than it brought along")
          .next(
              "In it, as root: tar -C / --one-file-system --exclude=./nix --acls --xattrs -cf /tmp/files.tar . ; then import that.");
    }
    return disk.part(state.begin(), state.length());
  }
}
