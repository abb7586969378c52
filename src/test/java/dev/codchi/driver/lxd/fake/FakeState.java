package dev.codchi.driver.lxd.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What the fake daemon keeps: images, instances, pools, networks. */
final class FakeState {
  final ObjectNode server = JsonNodeFactory.instance.objectNode();
  final List<String> pools = new ArrayList<>(List.of("default"));
  final List<ObjectNode> networks = new ArrayList<>();
  final ObjectNode defaultProfile = JsonNodeFactory.instance.objectNode();
  final Map<String, byte[]> images = new ConcurrentHashMap<>();
  final Map<String, FakeInstance> instances = new ConcurrentSkipListMap<>();
  final Map<String, String> logs = new ConcurrentHashMap<>();
  private final Path directory;

  FakeState(Path directory) {
    this.directory = directory;
    defaultProfile.putObject("devices");
    ObjectNode bridge = JsonNodeFactory.instance.objectNode();
    bridge.put("name", "lxdbr0").put("type", "bridge").put("managed", true);
    bridge.putObject("config").put("ipv4.address", "10.87.0.1/24").put("ipv4.nat", "true");
    networks.add(bridge);
  }

  FakeInstance instance(String name) throws Refusal {
    FakeInstance found = instances.get(name);
    if (found == null) {
      throw new Refusal(404, "Instance not found");
    }
    return found;
  }

  void addImage(byte[] content) throws Refusal {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      if (images.putIfAbsent(HexFormat.of().formatHex(digest), content) != null) {
        throw new Refusal(400, "Image with same fingerprint already exists");
      }
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void create(JsonNode request) throws IOException, Refusal {
    String name = request.path("name").asText();
    if (request.path("source").path("type").asText().equals("copy")) {
      copy(request);
      return;
    }
    byte[] image = images.get(request.path("source").path("fingerprint").asText());
    if (instances.containsKey(name)) {
      throw new Refusal(400, "Instance \"" + name + "\" already exists");
    }
    if (image == null) {
      throw new Refusal(400, "Image not provided for instance creation");
    }
    for (JsonNode device : request.path("devices")) {
      if (device.has("source") && !Files.exists(Path.of(device.path("source").asText()))) {
        throw new Refusal(
            400,
            "Failed to start device: Missing source path \""
                + device.path("source").asText()
                + "\"");
      }
    }
    Path root = Files.createDirectories(directory.resolve(name)).resolve("rootfs");
    unpack(image, root);
    ObjectNode description = JsonNodeFactory.instance.objectNode();
    for (String property : List.of("name", "config", "devices", "profiles", "description")) {
      description.set(property, request.path(property));
    }
    description.put("architecture", "x86_64").put("ephemeral", false).put("stateful", false);
    instances.put(name, new FakeInstance(description, root));
  }

  private void copy(JsonNode request) throws IOException, Refusal {
    String name = request.path("name").asText();
    FakeInstance original = instance(request.path("source").path("source").asText());
    if (instances.containsKey(name)) {
      throw new Refusal(400, "Instance \"" + name + "\" already exists");
    }
    ObjectNode description = original.describe();
    description.put("name", name).remove(List.of("status", "status_code"));
    for (String property : List.of("config", "devices")) {
      ObjectNode merged = description.withObject(property);
      request
          .path(property)
          .properties()
          .forEach(each -> merged.set(each.getKey(), each.getValue()));
    }
    Path root = Files.createDirectories(directory.resolve(name)).resolve("rootfs");
    Path from = directory.resolve(original.name()).resolve("rootfs");
    try (var tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, root.resolve(from.relativize(path)), LinkOption.NOFOLLOW_LINKS);
      }
    }
    instances.put(name, new FakeInstance(description, root));
  }

  void rename(FakeInstance instance, String name) throws IOException, Refusal {
    if (instance.running()) {
      throw new Refusal(400, "Renaming of running instance not allowed");
    }
    if (instances.containsKey(name)) {
      throw new Refusal(400, "Name \"" + name + "\" already in use");
    }
    String old = instance.name();
    Path moved = Files.move(directory.resolve(old), directory.resolve(name));
    ObjectNode description = instance.describe();
    description.put("name", name).remove(List.of("status", "status_code"));
    instances.put(name, new FakeInstance(description, moved.resolve("rootfs")));
    instances.remove(old);
  }

  void delete(String name) throws IOException, Refusal {
    if (instance(name).running()) {
      throw new Refusal(400, "Instance is running");
    }
    instances.remove(name);
    try (var tree = Files.walk(directory.resolve(name))) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void unpack(byte[] image, Path root) throws IOException {
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(image))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().startsWith("rootfs")) {
          Path path = root.resolve(root.relativize(root.resolveSibling(entry.getName())));
          if (entry.isDirectory()) {
            Files.createDirectories(path);
          } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
          }
        }
      }
    }
  }
}
