package dev.codchi.driver.lxd;

import dev.codchi.driver.ContainerFiles;
import dev.codchi.driver.FileOwner;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Files inside instances ("Instances", {@code /1.0/instances/NAME/files}). Owner, mode and type
 * travel in headers whose prefix is {@code X-LXD-} or {@code X-Incus-}; both are sent, each daemon
 * ignores the other's, and no call is needed to find out which one it is.
 */
final class LxdFiles implements ContainerFiles {
  private final LxdApi api;

  LxdFiles(LxdApi api) {
    this.api = api;
  }

  @Override
  public void write(String container, String path, byte[] content, FileOwner owner) {
    Status there = status(container, path);
    String wanted = owner.uid() + ":" + owner.gid() + ":" + mode(owner);
    if (there.type().equals("symlink")
        || (there.type().equals("file") && !there.owner().equals(wanted))) {
      remove(container, path); // the daemon leaves the owner of a file that exists as it is
    }
    HttpRequest request = owned(typed(container, path, "file"), owner);
    change(with(request, "write", "overwrite"), content, container, path, "written");
  }

  @Override
  public void makeDirectory(String container, String path, FileOwner owner) {
    if (!status(container, path).type().equals("directory")) {
      HttpRequest request = owned(typed(container, path, "directory"), owner);
      change(request, new byte[0], container, path, "made");
    }
  }

  @Override
  public void link(String container, String path, String target) {
    byte[] content = target.getBytes(StandardCharsets.UTF_8);
    HttpRequest request = owned(typed(container, path, "symlink"), FileOwner.root(0777));
    try {
      send(request, content);
    } catch (LxdError error) {
      // The daemon does not replace links; a file in the way is not ours to remove.
      if (!error.says("exists") || !status(container, path).type().equals("symlink")) {
        throw refused(container, path, "linked", error);
      }
      remove(container, path);
      change(request, content, container, path, "linked");
    }
  }

  @Override
  public InputStream read(String container, String path) {
    HttpResponse response;
    try {
      response = api.raw(HttpRequest.of("GET", location(container, path)));
    } catch (LxdError error) {
      throw refused(container, path, "read", error);
    }
    if ("directory".equals(header(response, "type"))) {
      closeQuietly(response);
      throw Failure.of(FailureCode.LXD_API, path + " in " + container + " is a directory")
          .next("Name a file.");
    }
    return new FilterInputStream(response.body()) {
      @Override
      public void close() throws IOException {
        response.close();
      }
    };
  }

  @Override
  public void remove(String container, String path) {
    try {
      api.change("DELETE", location(container, path), null);
    } catch (LxdError error) {
      if (error.says("instance not found")) {
        throw Instances.missing(container);
      }
      if (!error.missing()) {
        throw refused(container, path, "removed", error);
      }
    }
  }

  /**
   * What there is at a path.
   *
   * @param type {@code file}, {@code directory} or {@code symlink}; empty when there is nothing
   * @param owner its ids and mode as the daemon writes them
   */
  private record Status(String type, String owner) {}

  private Status status(String container, String path) {
    try (HttpResponse head = api.raw(HttpRequest.of("HEAD", location(container, path)))) {
      String owner = header(head, "uid") + ":" + header(head, "gid") + ":" + header(head, "mode");
      return new Status(header(head, "type"), owner);
    } catch (LxdError error) {
      if (error.missing()) {
        return new Status("", "");
      }
      throw refused(container, path, "looked up", error);
    } catch (IOException broken) {
      throw Failure.of(FailureCode.LXD_CONNECTION_LOST, "The daemon's answer broke off")
          .because(broken.getMessage())
          .causedBy(broken);
    }
  }

  private void change(
      HttpRequest request, byte[] content, String container, String path, String what) {
    try {
      send(request, content);
    } catch (LxdError error) {
      throw refused(container, path, what, error);
    }
  }

  private void send(HttpRequest request, byte[] content) {
    // Without this type the daemon takes the content for a form and drops it.
    api.change(
        request
            .with("Content-Type", "application/octet-stream")
            .with(new HttpRequest.Bytes(content)));
  }

  private static Failure refused(String container, String path, String what, LxdError error) {
    if (error.says("instance not found")) {
      return Instances.missing(container);
    }
    if (error.missing()) {
      return Failure.of(
              FailureCode.CONTAINER_MISSING,
              path + " in the container " + container + " could not be " + what)
          .because("It, or the directory that should hold it, does not exist")
          .causedBy(error);
    }
    return error.failure(path + " in the container " + container + " could not be " + what);
  }

  private static String location(String container, String path) {
    return LxdApi.instance(container, "/files?path=" + LxdApi.encode(path));
  }

  private static HttpRequest typed(String container, String path, String type) {
    return with(HttpRequest.of("POST", location(container, path)), "type", type);
  }

  private static HttpRequest owned(HttpRequest request, FileOwner owner) {
    HttpRequest user = with(request, "uid", Integer.toString(owner.uid()));
    HttpRequest group = with(user, "gid", Integer.toString(owner.gid()));
    return with(group, "mode", mode(owner));
  }

  private static String mode(FileOwner owner) {
    return String.format("%04o", owner.mode());
  }

  private static HttpRequest with(HttpRequest request, String name, String value) {
    return request.with("X-LXD-" + name, value).with("X-Incus-" + name, value);
  }

  private static String header(HttpResponse response, String name) {
    String lxd = response.header("X-LXD-" + name);
    String incus = response.header("X-Incus-" + name);
    return lxd != null ? lxd : incus != null ? incus : "";
  }

  private static void closeQuietly(HttpResponse response) {
    try {
      response.close();
    } catch (IOException alreadyBroken) {
      throw Failure.of(FailureCode.LXD_CONNECTION_LOST, "The daemon's answer broke off")
          .causedBy(alreadyBroken);
    }
  }
}
