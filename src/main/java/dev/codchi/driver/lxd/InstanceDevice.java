package dev.codchi.driver.lxd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.CharacterDevice;
import dev.codchi.driver.Device;
import dev.codchi.driver.HostIdentity;
import dev.codchi.driver.Mount;
import dev.codchi.driver.UsbDevice;

/**
 * A host's device in the daemon's words ("Type: disk", "Type: unix-char", "Type: usb"). All of them
 * are {@code required: false}: an instance starts without one that is gone, and gets a character or
 * USB device when it comes back.
 */
final class InstanceDevice {
  private InstanceDevice() {}

  static ObjectNode of(Device device) {
    return switch (device) {
      case Mount mount -> InstanceRequest.disk(mount).put("required", "false");
      case CharacterDevice node ->
          owned("unix-char", node.gid())
              .put("source", node.node().toString())
              .put("path", node.node().toString());
      case UsbDevice usb ->
          owned("usb", HostIdentity.INSIDE_GID)
              .put("vendorid", usb.vendor())
              .put("productid", usb.product());
    };
  }

  private static ObjectNode owned(String type, int gid) {
    return LxdApi.object()
        .put("type", type)
        .put("required", "false")
        .put("uid", Integer.toString(HostIdentity.INSIDE_UID))
        .put("gid", Integer.toString(gid))
        .put("mode", "0660");
  }
}
