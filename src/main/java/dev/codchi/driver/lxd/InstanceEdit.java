package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    edit(
        name,
        "labelled",
        (config, devices) -> {
          List<String> keys = config.propertyStream().map(Map.Entry::getKey).toList();
          keys.stream()
              .filter(key -> key.startsWith(InstanceRequest.LABEL))
              .forEach(config::remove);
          labels.forEach((key, value) -> config.put(InstanceRequest.LABEL + key, value));
        });
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
