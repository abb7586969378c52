package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.ContainerSpec;
import dev.codchi.driver.Device;
import dev.codchi.driver.Mount;
import java.util.List;
import java.util.Map;

/**
 * Changes of instances that exist. Each reads the instance, writes it back changed, and does both
 * again when somebody else was faster ({@code If-Match}); what is as it should be is not written.
 */
final class InstanceEdit {
  private static final int ATTEMPTS = 5;

  private static final String RAW = "raw.lxc";
  private static final String PROGRAM = "lxc.init.cmd";

  /** Begins the names of devices that a bare start adds. */
  private static final String BARE = "bare-";

  /** The writable properties of an instance ("Instances", {@code InstancePut}). */
  private static final List<String> WRITABLE =
      List.of(
          "architecture", "config", "devices", "ephemeral", "profiles", "stateful", "description");

  /** Begins the names of devices that come and go. */
  private static final String CHANGING = "cap-";

  private final LxdApi api;

  InstanceEdit(LxdApi api) {
    this.api = api;
  }

  /** A change of the writable properties, made in place. */
  @FunctionalInterface
  private interface Change {
    void apply(ObjectNode config, ObjectNode devices);
  }

  /** Replaces codchi's labels. */
  void label(String name, Map<String, String> labels) {
    edit(name, "labelled", (config, devices) -> setLabels(config, labels));
  }

  /** Makes labels and host directories those of a specification; other devices stay. */
  void redescribe(ContainerSpec spec) {
    edit(
        spec.name(),
        "described anew",
        (config, devices) -> {
          setLabels(config, spec.labels());
          spec.mounts().forEach(mount -> devices.set(mount.name(), InstanceRequest.disk(mount)));
        });
  }

  private static void setLabels(ObjectNode config, Map<String, String> labels) {
    List<String> keys = config.propertyStream().map(Map.Entry::getKey).toList();
    keys.stream().filter(key -> key.startsWith(InstanceRequest.LABEL)).forEach(config::remove);
    labels.forEach((key, value) -> config.put(InstanceRequest.LABEL + key, value));
  }

  /** Adds or replaces a host directory; a running instance sees it at once. */
  void attach(String name, Mount mount) {
    ObjectNode disk = InstanceDevice.of(mount);
    edit(
        name,
        "given the directory " + mount.source(),
        (config, devices) -> devices.set(mount.name(), disk));
  }

  /** Replaces the devices that come and go; others stay. */
  void equip(String name, List<Device> wanted) {
    edit(
        name,
        "given the host's devices",
        (config, devices) -> {
          List<String> keys = devices.propertyStream().map(Map.Entry::getKey).toList();
          keys.stream().filter(key -> key.startsWith(CHANGING)).forEach(devices::remove);
          wanted.forEach(one -> devices.set(CHANGING + one.name(), InstanceDevice.of(one)));
        });
  }

  /** Lets an instance start with another first program and more directories. */
  void makeBare(String name, List<String> program, List<Mount> mounts) {
    edit(
        name,
        "prepared for work on its files",
        (config, devices) -> {
          String rest = withoutProgram(config.path(RAW).asText());
          config.put(RAW, rest + PROGRAM + " = " + String.join(" ", program));
          for (Mount mount : mounts) {
            devices.set(BARE + mount.name(), InstanceRequest.disk(mount).put("required", "false"));
          }
        });
  }

  /** Makes the next start an ordinary one again. */
  void takeBackProgram(String name) {
    edit(name, "made what it was", (config, devices) -> takeBackProgram(config));
  }

  /** Undoes all of {@link #makeBare}; a running instance loses the directories at once. */
  void takeBack(String name) {
    edit(
        name,
        "made what it was",
        (config, devices) -> {
          takeBackProgram(config);
          devices.propertyStream().map(Map.Entry::getKey).toList().stream()
              .filter(device -> device.startsWith(BARE))
              .forEach(devices::remove);
        });
  }

  private static void takeBackProgram(ObjectNode config) {
    String rest = withoutProgram(config.path(RAW).asText()).strip();
    if (rest.isEmpty()) {
      config.remove(RAW);
    } else {
      config.put(RAW, rest);
    }
  }

  /** The lines of {@code raw.lxc} that do not name the first program, each with its end. */
  private static String withoutProgram(String lines) {
    return lines
        .lines()
        .filter(line -> !line.startsWith(PROGRAM))
        .map(line -> line + "\n")
        .collect(java.util.stream.Collectors.joining());
  }

  private void edit(String name, String what, Change change) {
    String path = LxdApi.instance(name, "");
    for (int attempt = 1; ; attempt++) {
      try {
        LxdApi.Versioned current = api.getVersioned(path);
        ObjectNode wanted = writable(current.metadata());
        ObjectNode before = wanted.deepCopy();
        change.apply(wanted.withObject("config"), wanted.withObject("devices"));
        if (!wanted.equals(before)) {
          Retry.BUSY_INSTANCE.whileBusy(() -> api.replace(path, wanted, current.etag()));
        }
        return;
      } catch (LxdError error) {
        if (error.missing()) {
          throw Instances.missing(name);
        }
        if (!error.changedMeanwhile() || attempt == ATTEMPTS) {
          throw error.failure("The container " + name + " could not be " + what);
        }
      }
    }
  }

  private static ObjectNode writable(JsonNode instance) {
    ObjectNode body = LxdApi.object();
    for (String property : WRITABLE) {
      body.set(property, instance.path(property).deepCopy());
    }
    return body;
  }
}
