package dev.codchi.driver.lxd.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The files interface of the fake daemon, with LXD's answers. */
final class FakeFiles {
  private FakeFiles() {}

  static void post(FakeInstance instance, Wire.Request request) throws IOException, Refusal {
    Path path = instance.locate(request.parameter("path"));
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new Refusal(404, "Not Found");
    }
    // LXD takes a body of any other type for a form and sees nothing of it.
    byte[] body =
        request.header("Content-Type").equals("application/octet-stream")
            ? request.body()
            : new byte[0];
    switch (request.header("X-LXD-type")) {
      case "directory" -> Files.createDirectory(path);
      case "symlink" -> {
        if (FakeInstance.exists(path)) {
          throw new Refusal(500, "sftp: \"symlink " + path + ": file exists\" (SSH_FX_FAILURE)");
        }
        Files.createSymbolicLink(path, Path.of(new String(body, StandardCharsets.UTF_8)));
      }
      default -> {
        Files.write(path, body);
        Files.setPosixFilePermissions(path, mode(request.header("X-LXD-mode")));
      }
    }
  }

  static void get(FakeInstance instance, Wire.Request request, Wire wire)
      throws IOException, Refusal {
    Path path = instance.locate(request.parameter("path"));
    if (!FakeInstance.exists(path)) {
      throw new Refusal(404, "Not Found");
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    if (Files.isSymbolicLink(path)) {
      headers.put("X-Lxd-Type", "symlink");
      byte[] target = Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8);
      wire.answer(200, headers, target);
    } else if (Files.isDirectory(path)) {
      headers.put("X-Lxd-Type", "directory");
      headers.put("Content-Type", "application/json");
      byte[] names = "{\"type\":\"sync\",\"metadata\":[]}".getBytes(StandardCharsets.UTF_8);
      wire.answer(200, headers, names);
    } else {
      headers.put("X-Lxd-Type", "file");
      wire.answer(200, headers, Files.readAllBytes(path));
    }
  }

  static void delete(FakeInstance instance, Wire.Request request) throws IOException, Refusal {
    Path path = instance.locate(request.parameter("path"));
    try {
      if (!Files.deleteIfExists(path)) {
        throw new Refusal(404, "Not Found");
      }
    } catch (DirectoryNotEmptyException full) {
      throw new Refusal(500, "sftp: \"remove " + path + ": directory not empty\" (SSH_FX_FAILURE)");
    }
  }

  private static Set<PosixFilePermission> mode(String octal) {
    int bits = Integer.parseInt(octal, 8);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all =
        PosixFilePermission.values(); // from owner's read to others' execute
    for (int i = 0; i < all.length; i++) {
      if ((bits & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
